/* SPDX-License-Identifier: ISC */
/*
 * Messages of group management, in and out: those of IGMP (RFC 3376 section 4, RFC 2236 section 2,
 * RFC 1112 appendix I) and of MLD (RFC 3810 section 5, RFC 2710 section 3) are the same but for
 * their types, the length of an address and how a delay is written. Internal to net/group.
 */
#ifndef NET_GROUP_MESSAGE_H
#define NET_GROUP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "net/ip/ip.h"

enum {
	GROUP_REPORT_BYTES = 8, /* and the records */
	GROUP_RECORD_BYTES = 4, /* and the address */
	GROUP_NEWER_BYTES = 4,  /* of a query, behind what those of old versions have */
	/* Groups of the link, by the last byte of their addresses. */
	GROUP_EVERYBODY = 1,
	GROUP_ROUTERS = 2,
	GROUP_REPORTS_TO = 0x16, /* RFC 3376 section 4.2.14, RFC 3810 section 5.2.14 */
};

/* Whose protocol is spoken. */
enum group_mode {
	GROUP_RECORDS, /* IGMPv3, MLDv2: reports with a record for each group */
	GROUP_OLD,     /* IGMPv2, MLDv1: a message for each group, to join and to leave */
	GROUP_OLDEST,  /* IGMPv1: none to leave */
};

/* RFC 3376 section 4.2.12, RFC 3810 section 5.2.12. */
enum group_record_type {
	GROUP_IS_EXCLUDE = 2,
	GROUP_TO_INCLUDE = 3,
	GROUP_TO_EXCLUDE = 4,
};

struct group_reporter;

/* What the two protocols differ in. */
struct group_family {
	struct ip_addr
		local;      /* 224.0.0.0 or ff02::, whose last byte says which group of the link */
	uint8_t addr_bytes; /* of an address in messages: its last ones */
	uint8_t old_bytes;  /* of a message of an old version, at whose end a group stands */
	/* Types of messages; the oldest report is the old one where there is no older version. */
	uint8_t query, report, old_report, oldest_report, done;
	uint8_t delay_bits; /* of a delay's mantissa, in a field of twice as many or four more */
	uint32_t delay_unit_us;
	/* Gives a message without checksum to the link; OK and errors as of ip_output(). */
	enum err (*send)(struct group_reporter *r, uint64_t now_us, struct pkt *p,
			 const struct ip_addr *dst);
};

/* A query, checked. */
struct group_query {
	uint8_t mode; /* enum group_mode: its version */
	bool general; /* about all groups */
	struct ip_addr group;
	uint64_t max_delay_us;
	uint8_t robustness;        /* of GROUP_RECORDS; 0: not said */
	uint32_t query_interval_s; /* of GROUP_RECORDS; 0: not said */
};

struct group_record {
	struct ip_addr group;
	uint8_t type; /* enum group_record_type */
};

/* One of the link's groups. */
static inline struct ip_addr group_local(const struct group_family *f, uint8_t last)
{
	struct ip_addr addr = f->local;
	((uint8_t *)(&addr + 1))[-1] = last;
	return addr;
}

/*
 * Reads a query of `len` bytes, of which f->old_bytes and GROUP_NEWER_BYTES (or all, if they are
 * fewer) are at `bytes`. False if it is malformed.
 */
MUST_USE bool group_query_parse(const struct group_family *f, struct group_query *q,
				const uint8_t *bytes, size_t len);

/* Sends a report with `n` records. A message that cannot be sent is counted, and as good as lost.
 */
void group_send_report(struct group_reporter *r, uint64_t now_us, const struct group_record *record,
		       unsigned n);

/* Sends a message of an old version about `group` to `dst`, in the same way. */
void group_send_old(struct group_reporter *r, uint64_t now_us, uint8_t type,
		    const struct ip_addr *group, const struct ip_addr *dst);

#endif
