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

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "net/ip/icmp_core.h"
#include "net/ipv6/ipv6.h"

struct icmpv6 {
	struct icmp icmp;
	ip_input_fn *listener; /* or NULL */
	void *listener_self;
};

extern const struct counters icmpv6_counters; /* of struct icmp_stats, for net/metrics */

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
