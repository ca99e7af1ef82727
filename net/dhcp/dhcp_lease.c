/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp_lease.h"

#include "net/ipv4/ipv4.h"

#define LOG_MODULE "dhcp"
#include "base/attr.h"
#include "base/log.h"

bool dhcp_lease_is_usable(const struct dhcp_lease *l)
{
	return ipv4_is_host(l->prefix) && l->seconds >= DHCP_LEASE_MIN_S;
}

/* The format takes them in this order, and no seconds of what has none. */
static UNGUARDED SELDOM void log_way(const char *netif, const char *format, struct ipv4_prefix to,
				     uint32_t gateway, uint32_t seconds)
{
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	log_line(LOG_INFO, format, netif, inet_format_v4(to.addr, addr), (unsigned)to.bits,
		 gateway != 0 ? inet_format_v4(gateway, way) : "none", (unsigned)seconds);
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
		log_way(netif, "%s: %s/%u by %s", l->routes.route[i].dst,
			l->routes.route[i].gateway, 0);
	log_way(netif, lease, l->prefix, l->gateway, l->seconds);
}
