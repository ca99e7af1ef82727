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
#include "net/dhcp/dhcp_msg.h"

enum { DHCP_LEASE_MIN_S = 10 };

#define DHCP_FOREVER UINT32_MAX /* a lease that does not end: RFC 2131 section 3.3 */

/* What a server has granted. Addresses are in host order. */
struct dhcp_lease {
	struct ipv4_prefix prefix; /* the address with its subnet */
	uint32_t gateway;          /* 0: none */
	uint32_t server;
	uint32_t seconds; /* DHCP_FOREVER: without end */
	struct dhcp_routes routes;
	struct dhcp_addrs dns, ntp;
	char domain[DHCP_DOMAIN_CHARS]; /* "" if none was said */
};

/*
 * Makes a lease of an offer or acknowledgement. A gateway outside the subnet is left out: what is
 * on the link is better than nothing. False for an address that no host can have, or a lease under
 * DHCP_LEASE_MIN_S.
 */
MUST_USE bool dhcp_lease_from(struct dhcp_lease *l, const struct dhcp_reply *r);

/* Writes its line to the log. */
void dhcp_lease_log(const struct dhcp_lease *l, const char *netif);

#endif
