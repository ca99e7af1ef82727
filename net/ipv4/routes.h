/* SPDX-License-Identifier: ISC */
/*
 * Routes of an IPv4 layer besides the link and the default router (RFC 1122 section 3.3.1): to a
 * network, by a router on the link, or to one that is on the link itself. The longest prefix wins,
 * the link's own included.
 *
 * A bounded table, set as a whole by whoever configures the host: boot arguments, or a lease.
 * No packet changes it: redirects, which RFC 1122 section 3.2.2.2 wants believed, are ignored,
 * since anybody on the link can forge one and have what we send. A route whose router is not on the
 * link, or is this host, is not used. It lives as long as the IPv4 layer. All calls come from the
 * event loop.
 */
#ifndef NET_IPV4_ROUTES_H
#define NET_IPV4_ROUTES_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "net/ipv4/ipv4.h"

#ifdef PLAIN_IPV4 /* it has none besides the default one */
enum { IPV4_ROUTES_MAX = 0 };
#else
enum { IPV4_ROUTES_MAX = BY_MEMORY(3, 16) };
#endif

struct ipv4_routes {
	struct ipv4 *ipv4;
	unsigned n;
	struct ipv4_route route[IPV4_ROUTES_MAX]; /* the longest prefix first */
};

/* Makes an empty table and has `ipv4`, which is started, use it. */
void ipv4_routes_init(struct ipv4_routes *routes, struct ipv4 *ipv4);

/* A network of hosts, all bits of its prefix, and a host as router, or 0. */
bool ipv4_is_route(const struct ipv4_route *route);

/*
 * Replaces all routes. Of two to one network the first is used. ERR_NOMEM if they are more than
 * IPV4_ROUTES_MAX, ERR_INVALID, with a log line, if one is none; then nothing has changed.
 */
MUST_USE enum err ipv4_routes_set(struct ipv4_routes *routes, const struct ipv4_route *route,
				  unsigned n);

#endif
