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

#define IGMP_V3_ROUTERS UINT32_C(0xe0000016) /* 224.0.0.22: RFC 3376 section 4.2.14 */

struct igmp_stats {
	uint32_t queries; /* that were taken */
	uint32_t heard;   /* old reports of other hosts */
	uint32_t ignored; /* messages of other types */
	uint32_t bad;     /* malformed, a wrong checksum, or to a group that it is not for */
	uint32_t foreign; /* TTL not 1, or no Router Alert */
	uint32_t out, unsent;
};

/* It, described (base/counter.h). */
extern const struct counters igmp_counters;

struct igmp {
	struct group_table groups;
	struct group_reporter reporter;
	struct ipv4 *ipv4;
	struct pkt_pool *tx;
	struct igmp_stats stats;
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
