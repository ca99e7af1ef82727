/* SPDX-License-Identifier: ISC */
/*
 * Groups of hosts that an IPv4 layer belongs to (RFC 1112 section 7), which it looks up for each
 * packet to a group that arrives.
 *
 * A table that counts who has joined, by ip_join(); with it goes the filter of the Ethernet layer.
 * Routers are told by whoever watches (net/igmp). It lives as long as the IPv4 layer. All calls
 * come from the event loop.
 */
#ifndef NET_IPV4_GROUP_H
#define NET_IPV4_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "net/ipv4/ipv4.h"

enum { IPV4_GROUPS_MAX = 16 };

/* Is told of the first ip_join() of `group` (host order) and of the last ip_leave(). */
typedef void ipv4_group_changed_fn(void *self, uint64_t now_us, uint32_t group, bool joined);

struct ipv4_group {
	uint32_t addr; /* host order */
	uint32_t users;
};

struct ipv4_groups {
	struct ipv4 *ipv4;
	ipv4_group_changed_fn *changed; /* or NULL */
	void *changed_self;
	unsigned n;
	struct ipv4_group group[IPV4_GROUPS_MAX];
};

/* Makes an empty table and has `ipv4`, which is started, use it. */
void ipv4_groups_init(struct ipv4_groups *groups, struct ipv4 *ipv4);

/* Has `changed` called with `self` at each change from now on. */
void ipv4_groups_watch(struct ipv4_groups *groups, ipv4_group_changed_fn *changed, void *self);

/*
 * ip_output() to a group with the Router Alert option (RFC 2113), for messages that routers read
 * though they are not members; meta->src may be 0.0.0.0.
 */
MUST_USE enum err ipv4_output_router_alert(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
					   const struct ip_meta *meta);

/* Whether a received packet, as it came to ip_input_fn, has that option. */
bool ipv4_has_router_alert(const struct pkt *p);

#endif
