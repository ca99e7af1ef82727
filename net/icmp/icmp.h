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

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "net/ip/icmp_core.h"
#include "net/ipv4/ipv4.h"

/* Of struct icmp_stats, for net/metrics. */
extern const struct counters icmp_counters;

/*
 * Binds ICMP to `ipv4` and answers its unreachables from then on. `tx` supplies the packets that
 * it builds, with buffers of PKT_HEADROOM and 8 bytes at the least. The errors of ip_bind().
 */
MUST_USE enum err icmp_init(struct icmp *icmp, struct ipv4 *ipv4, struct pkt_pool *tx);

#endif
