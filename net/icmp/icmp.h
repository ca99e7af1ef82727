/* SPDX-License-Identifier: ISC */
/*
 * ICMP for IPv4 (RFC 792, RFC 1122 section 3.2.2).
 *
 * Answers echo requests, in the packet that brought them. Tells transports of the
 * errors that come back about packets that they sent. Answers packets that nobody here wants with
 * an error, at a bounded rate. Everything else is counted and dropped: redirects (anybody
 * can forge them), source quench (RFC 6633), timestamps and address masks (RFC 6918).
 */
#ifndef NET_ICMP_ICMP_H
#define NET_ICMP_ICMP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/token_bucket.h"
#include "hal/timer.h"
#include "net/ip/ip.h"
#include "net/ipv4/ipv4.h"

enum {
	ICMP_HEADER_BYTES = 8,
	/* An error's whole packet: RFC 1812 section 4.3.2.3. */
	ICMP_ERROR_BYTES_MAX = 576,
	/* Errors sent: this many at once, then one each ICMP_REFILL_US. */
	ICMP_BURST = 20,
	ICMP_REFILL_US = 10 * US_PER_MS,
};

struct icmp_stats {
	uint32_t bad;             /* too short, checksum, or a broken quotation */
	uint32_t echo_requests;   /* all, answered or not */
	uint32_t echo_replies;    /* sent */
	uint32_t echo_broadcasts; /* requests to a group: ignored (RFC 1122 section 3.2.2.6) */
	uint32_t echo_failed;     /* replies not sent: no route, a full queue */
	uint32_t errors_in;       /* shown to a transport */
	uint32_t not_ours;        /* errors that no transport here sent for or wants to know */
	uint32_t ignored;         /* messages of other types */
	uint32_t errors_out;
	uint32_t limited;      /* errors not sent: the rate */
	uint32_t forbidden;    /* errors not sent: RFC 1122 section 3.2.2 */
	uint32_t error_failed; /* errors not sent: no packet, no route, a full queue */
};

/* It, described (base/counter.h). */
extern const struct counters icmp_counters;

struct icmp {
	struct ipv4 *ipv4;
	struct pkt_pool *tx;
	struct token_bucket errors[IPV4_HOOKS]; /* sent */
	COUNTED(struct icmp_stats, stats);
};

/*
 * Binds ICMP to `ipv4` and answers its unreachables from then on. `tx` supplies the packets that
 * it builds, with buffers of PKT_HEADROOM and 8 bytes at the least. The errors of ip_bind().
 */
MUST_USE enum err icmp_init(struct icmp *icmp, struct ipv4 *ipv4, struct pkt_pool *tx);

#endif
