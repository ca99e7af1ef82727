/* SPDX-License-Identifier: ISC */
/*
 * Multicast Listener Discovery, the side of a host (RFC 3810): tells routers and switches which
 * groups an IPv6 layer belongs to.
 *
 * It sets itself into the IPv6 layer with a table of the groups that ip_join() joins, and is told
 * by net/ndp of those that addresses bring; both are reported, and queries answered. To queriers of
 * version 1 it speaks that (RFC 2710). What is said when is net/group/reporter.h, as with IGMP.
 * Groups that do not leave this host or its link's interface, and ff02::1, are never reported
 * (section 6). Until there is a link-local address it reports from :: (section 5.2.13).
 *
 * Messages are believed only from a link-local address, with a hop limit of 1 and the Router Alert
 * option (section 6.2). The owner calls mld_poll() in each poll of the Ethernet layer below.
 */
#ifndef NET_MLD_MLD_H
#define NET_MLD_MLD_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "net/group/reporter.h"
#include "net/group/table.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ipv6/ipv6.h"

enum {
	/* That ip_join() may join; the others are for addresses. */
	MLD_GROUPS_MAX = GROUP_ENTRIES_MAX - NDP_ADDRS_MAX,
};

struct counter;

/* Of struct group_stats, for net/metrics. */
extern const struct counters mld_counters;

struct mld {
	struct ipv6 *ipv6;
	struct group_reporter reporter;
	struct group_table groups;
};

/*
 * Makes `ipv6`, whose ICMPv6 is given, one whose groups can be joined, and reports those that it
 * has. `tx` supplies packets, `rng` draws delays.
 */
void mld_init(struct mld *mld, struct ipv6 *ipv6, struct icmpv6 *icmpv6, struct pkt_pool *tx,
	      struct rng *rng, uint64_t now_us);

/* Sends what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t mld_poll(struct mld *mld, uint64_t now_us);

#endif
