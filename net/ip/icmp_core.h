/* SPDX-License-Identifier: ISC */
/*
 * What ICMP (RFC 792) and ICMPv6 (RFC 4443) have in common: checksums, the answer to an echo, and
 * errors that go out at a bounded rate. Each is a layer of its own (net/icmp, net/icmpv6), which
 * decides what is answered; the family is told by the addresses of the packet.
 */
#ifndef NET_IP_ICMP_CORE_H
#define NET_IP_ICMP_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/pkt.h"
#include "base/token_bucket.h"
#include "hal/timer.h"
#include "net/ip/ip.h"

enum {
	ICMP_HEADER_BYTES = 8,
	/* Errors, and answers to groups: this many at once, then one each ICMP_REFILL_US. */
	ICMP_BURST = 20,
	ICMP_REFILL_US = 10 * US_PER_MS,
};

struct icmp_stats {
	uint32_t bad;             /* too short, checksum, or a broken quotation */
	uint32_t echo_requests;   /* all, answered or not */
	uint32_t echo_replies;    /* sent */
	uint32_t echo_broadcasts; /* to a group of IPv4: ignored (RFC 1122 section 3.2.2.6) */
	uint32_t echo_failed;     /* replies not sent: no route, a full queue */
	uint32_t errors_in;       /* shown to a transport */
	uint32_t not_ours;        /* errors that no transport here sent for or wants to know */
	uint32_t ignored;         /* messages of other types */
	uint32_t errors_out;
	uint32_t limited;      /* errors and answers to groups not sent: the rate */
	uint32_t forbidden;    /* errors not sent: RFC 1122 section 3.2.2, RFC 4443 section 2.4 */
	uint32_t error_failed; /* errors not sent: no packet, no route, a full queue */
};

struct icmp {
	struct ip *ip;
	struct pkt_pool *tx;
	struct token_bucket answers[INET_WORDS > 1 ? 1 : 0]; /* none of a minimal IPv4 */
	COUNTED(struct icmp_stats, stats);
};

/* An error to send. */
struct icmp_complaint {
	uint8_t type, code;
	bool by_reference; /* it may quote the packet so: the device takes pieces */
	uint32_t word;     /* the second one of the header */
};

/*
 * Whether a message is as long as the header and its checksum is right, whatever a device says:
 * they check TCP and UDP, and an echo's checksum goes on into its reply. The same of IGMP's.
 */
MUST_USE bool icmp_is_intact(const struct pkt *p, const struct ip_meta *meta);

/* Writes the checksum of a message that is to be sent with `meta`. */
void icmp_write_checksum(struct pkt *p, const struct ip_meta *meta);

/* Answers the echo request p, which it is given, by a message of type `reply`. */
void icmp_echo(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *request,
	       uint8_t reply);

/* Answers p, which it is given, by an error that quotes it from its network header on, as far as
 * its first piece goes. */
void icmp_complain(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		   const struct icmp_complaint *c);

#endif
