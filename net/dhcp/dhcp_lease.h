/* SPDX-License-Identifier: ISC */
/*
 * A lease: what of a server's words is used. Values only; no context.
 */
#ifndef NET_DHCP_DHCP_LEASE_H
#define NET_DHCP_DHCP_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/inet.h"

enum {
	DHCP_LEASE_MIN_S = 10,
	DHCP_ADDRS_MAX = BY_MEMORY(1, 3), /* servers of one kind that are kept */
#ifdef PLAIN_IPV4                         /* which asks for neither */
	DHCP_ROUTES_MAX = 0,
	DHCP_DOMAIN_CHARS = 1,
#else
	DHCP_ROUTES_MAX = BY_MEMORY(2, 16),     /* the first ones are kept */
	DHCP_DOMAIN_CHARS = BY_MEMORY(32, 128), /* with the NUL; longer names are left out */
#endif
};

#define DHCP_FOREVER UINT32_MAX /* a lease that does not end: RFC 2131 section 3.3 */

/* IPv4 addresses of hosts, host order. */
struct dhcp_addrs {
	unsigned n;
	uint32_t addr[DHCP_ADDRS_MAX];
};

/* Routes besides the default one. */
struct dhcp_routes {
	unsigned n;
	struct ipv4_route route[DHCP_ROUTES_MAX];
};

/* What a server has granted. Addresses are in host order. */
struct dhcp_lease {
	struct ipv4_prefix prefix; /* the address with its subnet */
	uint32_t gateway;          /* of the default route, on the link; 0: none */
	uint32_t server;
	uint32_t seconds; /* DHCP_FOREVER: without end */
	struct dhcp_routes routes;
	struct dhcp_addrs dns, ntp;
	char domain[DHCP_DOMAIN_CHARS]; /* letters, digits, dots and hyphens; "" if none was said */
};

/* False for an address that no host can have, or a lease under DHCP_LEASE_MIN_S. */
MUST_USE bool dhcp_lease_is_usable(const struct dhcp_lease *l);

/* Writes its line to the log. */
void dhcp_lease_log(const struct dhcp_lease *l, const char *netif);

#endif
