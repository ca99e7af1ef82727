/* SPDX-License-Identifier: ISC */
/*
 * IGMP, the side of a host (RFC 3376): tells routers and switches which groups an IPv4 layer
 * belongs to, so that they bring what is sent there.
 *
 * It sets itself into the IPv4 layer with a table of groups (net/group/table.h), whose changes it
 * reports, and answers queries. To queriers of versions 1 and 2 it speaks those (RFC 1112, RFC
 * 2236); net/group/reporter.h says how. The group of all hosts is never reported. Without an
 * address it reports from 0.0.0.0 (RFC 3376 section 4.2.13).
 *
 * Messages are believed only with a TTL of 1, so from the link, and queries of version 2 and 3 only
 * with the Router Alert option (section 9). The owner calls igmp_poll() in each poll of the
 * Ethernet layer below (net/eth/eth.h).
 */
#ifndef NET_IGMP_IGMP_H
#define NET_IGMP_IGMP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "net/group/reporter.h"
#include "net/group/table.h"
#include "net/ipv4/ipv4.h"

struct counter;

/* Of struct group_stats, for net/metrics. */
extern const struct counters igmp_counters;

struct igmp {
	struct group_table groups;
	struct group_reporter reporter;
	struct ipv4 *ipv4;
};

/*
 * Makes `ipv4`, which is started, one whose groups can be joined. `tx` supplies packets, `rng`
 * draws delays. The errors of ip_bind().
 */
MUST_USE enum err igmp_init(struct igmp *igmp, struct ipv4 *ipv4, struct pkt_pool *tx,
			    struct rng *rng);

/* Sends what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t igmp_poll(struct igmp *igmp, uint64_t now_us);

#endif
