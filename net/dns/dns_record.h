/* SPDX-License-Identifier: ISC */
/*
 * Records of messages (RFC 1035 sections 4.1.2 and 4.1.3) as they are read, and messages as they
 * are written, with compressed names. For DNS and Multicast DNS. Values only; no context.
 */
#ifndef NET_DNS_RECORD_H
#define NET_DNS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/dns/dns_name.h"

enum { DNS_HEADER_BYTES = 12 };

enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_PTR = 12,
	DNS_TYPE_TXT = 16,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_SRV = 33, /* RFC 2782 */
	DNS_TYPE_OPT = 41,
	DNS_TYPE_NSEC = 47, /* RFC 4034 */
	DNS_TYPE_ANY = 255,
};

enum dns_class { DNS_CLASS_IN = 1, DNS_CLASS_ANY = 255 };

enum dns_flag {
	DNS_FLAG_RESPONSE = 0x8000,
	DNS_FLAG_OPCODE = 0x7800,
	DNS_FLAG_AUTHORITATIVE = 0x0400,
	DNS_FLAG_TRUNCATED = 0x0200,
	DNS_FLAG_RECURSION_DESIRED = 0x0100,
	DNS_FLAG_RECURSION_AVAILABLE = 0x0080,
	DNS_FLAG_RCODE = 0x000f,
};

struct dns_record {
	struct dns_name owner;
	uint16_t type, class, data_bytes;
	uint32_t ttl_s; /* over 31 bits it counts as 0: RFC 2181 section 8 */
	size_t data;    /* offset in the message; all of it is there */
};

/*
 * Reads the question, or the record, at r->at and moves behind it. A question has an owner, a type
 * and a class only. ERR_INVALID.
 */
MUST_USE enum err dns_question_read(struct dns_reader *r, struct dns_record *out);
MUST_USE enum err dns_record_read(struct dns_reader *r, struct dns_record *out);

/* --- writing --------------------------------------------------------------------------------- */

enum { DNS_WRITER_LABELS_MAX = 32 };

/* A message that is being written. What does not fit sets `failed`. Members are the writer's. */
struct dns_writer {
	uint8_t *out;
	size_t len, max;
	size_t record, data; /* where the last one begins, and its data */
	bool failed;
	unsigned n_labels;
	uint16_t label[DNS_WRITER_LABELS_MAX]; /* where names begin that later ones may point to */
};

/* Begins a message of header `id`, `flags` and no records, at `out`, of at most `max` bytes, 12 at
 * least. */
void dns_writer_init(struct dns_writer *w, uint8_t *out, size_t max, uint16_t id, uint16_t flags);

void dns_put_bytes(struct dns_writer *w, const void *bytes, size_t len);

/* Writes a name, its end as a pointer to where it stands already (RFC 1035 section 4.1.4). */
void dns_put_name(struct dns_writer *w, const struct dns_name *name);

/* The same in full. */
void dns_put_whole_name(struct dns_writer *w, const struct dns_name *name);

enum dns_section { DNS_QUESTIONS = 4, DNS_ANSWERS = 6, DNS_AUTHORITIES = 8, DNS_ADDITIONALS = 10 };

/* Writes a question, without counting it. */
void dns_put_question(struct dns_writer *w, const struct dns_name *name, uint16_t type,
		      uint16_t class);

/* Writes a record up to its data. */
void dns_put_record(struct dns_writer *w, const struct dns_name *owner, uint16_t type,
		    uint16_t class, uint32_t ttl_s);

/* Behind a record's data: counts it, or forgets it, and that it failed, if it did not fit: false.
 */
bool dns_put_end(struct dns_writer *w, enum dns_section section);

/* Adds one to a count of the header. */
void dns_count(struct dns_writer *w, enum dns_section section);

#endif
