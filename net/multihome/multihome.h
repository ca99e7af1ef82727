/* SPDX-License-Identifier: ISC */
/*
 * Several network layers as one (net/ip/ip.h): interfaces of a host, or IPv4 and IPv6 of one
 * interface.
 *
 * A transport over it is bound to all of its members, and serves at all of their addresses. What it
 * sends goes by the member that has the source address, and by no other; a member takes only what
 * is for its own addresses: the strict model both ways (RFC 1122 section 3.3.4.2). Where no source
 * is given, the member with the most specific way to the destination is asked, among equals the
 * first. Nothing is forwarded from one to the other. It has no tables and allocates nothing.
 *
 * What stands above is polled in the task of each member, since each may have brought something,
 * or have room again to send. A packet that leaves by another interface than the one whose batch
 * this is wakes that one's task, which tells the device (eth_output()). It lives as long as its
 * members. All calls come from the event loop.
 */
#ifndef NET_MULTIHOME_MULTIHOME_H
#define NET_MULTIHOME_MULTIHOME_H

#include "base/attr.h"
#include "base/err.h"
#include "net/ip/ip.h"

enum { MULTIHOME_MEMBERS_MAX = 8 };

struct multihome {
	struct ip ip; /* first */
	unsigned n;
	struct ip *member[MULTIHOME_MEMBERS_MAX];
};

/* Makes one of `n` layers, 1 to MULTIHOME_MEMBERS_MAX, borrowed for its life. */
void multihome_init(struct multihome *m, struct ip *const members[], unsigned n);

#endif
