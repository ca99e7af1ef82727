/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp_lease.h"

#define LOG_MODULE "dhcp"
#include "base/attr.h"
#include "net/ipv4/ipv4.h"
#include "net/ipv4/ipv4_log.h"

bool dhcp_lease_is_usable(const struct dhcp_lease *l)
{
	return ipv4_is_host(l->prefix) && l->seconds >= DHCP_LEASE_MIN_S;
}

static UNGUARDED void log_brief(const char *netif, uint32_t address)
{
	char addr[INET_V4_CHARS];
	log_write_brief(LOG_MODULE, netif, inet_format_v4(address, addr));
}

void dhcp_lease_log(const struct dhcp_lease *l, const char *netif)
{
	const char *lease = l->seconds == DHCP_FOREVER ? "%s: %s/%u gateway %s lease without end"
						       : "%s: %s/%u gateway %s lease %u s";
	if (log_is_brief)
		log_brief(netif, l->prefix.addr);
	if (!log_is_kept)
		return;
	for (unsigned i = 0; !inet_is_minimal && i < l->routes.n; i++)
		ipv4_log(LOG_INFO, LOG_MODULE, "%s: %s/%u by %s", netif, l->routes.route[i].dst,
			 l->routes.route[i].gateway, 0);
	ipv4_log(LOG_INFO, LOG_MODULE, lease, netif, l->prefix, l->gateway, l->seconds);
}
