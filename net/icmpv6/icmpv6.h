/* SPDX-License-Identifier: ISC */
/*
 * ICMPv6 (RFC 4443).
 *
 * Answers echo requests, in the packet that brought them. Tells transports of the errors that come
 * back about packets that they sent, and hands net/ndp the messages of Neighbor Discovery. Answers
 * packets that cannot be delivered with an error, at a bounded rate, which quotes as much of them
 * as fits into 1280 bytes, where the device takes packets in pieces. Everything else is counted and
 * dropped.
 */
#ifndef NET_ICMPV6_ICMPV6_H
#define NET_ICMPV6_ICMPV6_H

#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/token_bucket.h"
#include "hal/timer.h"
#include "net/ip/ip.h"
#include "net/ipv6/ipv6.h"

enum {
	ICMPV6_HEADER_BYTES = 8,
	/* Errors, and answers to groups: this many at once, then one each ICMPV6_REFILL_US. */
	ICMPV6_BURST = 20,
	ICMPV6_REFILL_US = 10 * US_PER_MS,
};

struct icmpv6_stats {
	uint32_t bad;           /* too short, checksum, or a broken quotation */
	uint32_t echo_requests; /* all, answered or not */
	uint32_t echo_replies;  /* sent */
	uint32_t echo_failed;   /* replies not sent: no route, a full queue */
	uint32_t errors_in;     /* shown to a transport */
	uint32_t not_ours;      /* errors that no transport here sent for or wants to know */
	uint32_t ignored;       /* messages of other types */
	uint32_t errors_out;
	uint32_t limited;      /* errors and answers to groups not sent: the rate */
	uint32_t forbidden;    /* errors not sent: RFC 4443 section 2.4 (e) */
	uint32_t error_failed; /* errors not sent: no packet, no route, a full queue */
};

struct icmpv6 {
	struct ipv6 *ipv6;
	struct pkt_pool *tx;
	struct token_bucket answers;
	ip_input_fn *listener; /* or NULL */
	void *listener_self;
	struct icmpv6_stats stats;
};

extern const struct counters icmpv6_counters; /* of struct icmpv6_stats, for net/metrics */

/*
 * Has messages of Multicast Listener Discovery, whose checksum is right, given to input(self, …):
 * net/mld. Until then they are ignored.
 */
void icmpv6_set_listener(struct icmpv6 *icmpv6, ip_input_fn *input, void *self);

/*
 * Binds ICMPv6 to `ipv6` and answers what that cannot deliver from then on. `tx` supplies the
 * packets that it builds. The errors of ip_bind().
 */
MUST_USE enum err icmpv6_init(struct icmpv6 *icmpv6, struct ipv6 *ipv6, struct pkt_pool *tx);

#endif
