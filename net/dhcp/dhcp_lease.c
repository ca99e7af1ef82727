/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp_lease.h"

#include <string.h>

#include "net/ipv4/ipv4.h"

#define LOG_MODULE "dhcp"
#include "base/attr.h"
#include "base/log.h"

/* Without a mask, what the class of the address says (RFC 791 section 3.2). */
static uint8_t prefix_bits(const struct dhcp_reply *r)
{
	if (r->mask != 0)
		return (uint8_t)(32 - __builtin_ctz(r->mask));
	if (r->address >> 31 == 0)
		return 8;
	return r->address >> 30 == 2 ? 16 : 24;
}

bool dhcp_lease_from(struct dhcp_lease *l, const struct dhcp_reply *r)
{
	memset(l, 0, sizeof(*l));
	l->prefix = (struct ipv4_prefix){.addr = r->address, .bits = prefix_bits(r)};
	if (ipv4_is_gateway(l->prefix, r->gateway))
		l->gateway = r->gateway;
	l->server = r->server;
	l->seconds = r->lease_s;
	l->routes = r->routes;
	l->dns = r->dns;
	l->ntp = r->ntp;
	if (!inet_is_minimal)
		memcpy(l->domain, r->domain, sizeof(l->domain));
	return ipv4_is_host(l->prefix) && l->seconds >= DHCP_LEASE_MIN_S;
}

static GUARDED void log_route(const struct ipv4_route *r, const char *netif)
{
	char dst[INET_V4_CHARS], way[INET_V4_CHARS];
	log_info("%s: %s/%u by %s", netif, inet_format_v4(r->dst.addr, dst), (unsigned)r->dst.bits,
		 inet_format_v4(r->gateway, way));
}

GUARDED void dhcp_lease_log(const struct dhcp_lease *l, const char *netif)
{
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	(void)inet_format_v4(l->prefix.addr, addr);
	if (log_is_brief)
		log_write_brief(LOG_MODULE, netif, addr);
	if (!log_is_kept)
		return;
	const char *gateway = l->gateway != 0 ? inet_format_v4(l->gateway, way) : "none";
	for (unsigned i = 0; !inet_is_minimal && i < l->routes.n; i++)
		log_route(&l->routes.route[i], netif);
	if (l->seconds == DHCP_FOREVER)
		log_info("%s: %s/%u gateway %s lease without end", netif, addr,
			 (unsigned)l->prefix.bits, gateway);
	else
		log_info("%s: %s/%u gateway %s lease %lu s", netif, addr, (unsigned)l->prefix.bits,
			 gateway, (unsigned long)l->seconds);
}
