/* SPDX-License-Identifier: ISC */
/*
 * The groups that a network layer belongs to since somebody joined them by ip_join() (RFC 1112
 * section 7, RFC 3493 section 5.2): the layer looks each up for packets to a group that arrive.
 *
 * A table that counts who has joined, for either family; with it goes the filter of the Ethernet
 * layer. Its owner (net/igmp, net/mld) sets it into the network layer, is told of what changes, and
 * tells routers. All calls come from the event loop.
 */
#ifndef NET_GROUP_TABLE_H
#define NET_GROUP_TABLE_H

#include <stdint.h>

#include "base/inet.h"
#include "net/eth/eth.h"
#include "net/ip/ip.h"

enum { GROUP_TABLE_MAX = 16 };

/* Is told of the first ip_join() of `group`, which is the caller's, and of the last ip_leave(). */
typedef void group_changed_fn(void *self, uint64_t now_us, const struct ip_addr *group,
			      bool joined);

struct group_member {
	struct ip_addr addr;
	uint32_t users;
};

/* Zeroed but for those of the first part, which the owner sets. */
struct group_table {
	struct eth *eth;
	struct ip_addr everybody; /* what every host belongs to, which takes no entry */
	unsigned max;             /* GROUP_TABLE_MAX at most */
	group_changed_fn *changed;
	void *changed_self;

	unsigned n;
	struct group_member member[GROUP_TABLE_MAX];
};

/* The functions of a table, which is their `self`. */
extern const struct ip_membership group_table_membership;

#endif
