/* SPDX-License-Identifier: ISC */
/* IPv4 and IPv6 of one interface as one network layer. */
#ifndef NET_MULTIHOME_DUAL_STACK_CFG_H
#define NET_MULTIHOME_DUAL_STACK_CFG_H

#include <fata/module.h>

#include "net/dhcp/dhcp.cfg.h"
#include "net/ipv4/ipv4.cfg.h"
#include "net/ipv6/ipv6.cfg.h"
#include "net/multihome/multihome.cfg.h"

/* Initial values of keys, as those of static_ipv4(), dhcp_ipv4() and ipv6(). */
struct dual_stack_options {
	bool dhcp; /* IPv4 asks a server unless --ipv4 gives an address; else it has one by --ipv4
		    */
	bool link_local;               /* with DHCP */
	const char *address, *gateway; /* NULL: as without IPv6 */
	const char *hostname;
	unsigned fragments, large_datagrams; /* of each family */
	bool groups;
	const char *routes; /* without DHCP */
	const char *ipv6_address, *ipv6_gateway, *ipv6_secret;
	bool ipv6_groups;
	struct ethernet_options ethernet;
};

/* Options that only one of the two ways to an address of IPv4 has. */
static inline void fata_dual_stack_check(const struct dual_stack_options *o)
{
	if (o->link_local && !o->dhcp)
		fata_fault("dual_stack() with .link_local and without DHCP: such an address is for "
			   "when no server answers; leave out .dhcp = false");
	if (o->hostname != NULL && o->hostname[0] != '\0' && !o->dhcp)
		fata_fault("dual_stack() with .hostname and without DHCP: only its servers are "
			   "told; leave out .dhcp = false");
	if (o->routes != NULL && o->dhcp)
		fata_fault("dual_stack() with .routes and DHCP: its servers name the routes; say "
			   ".dhcp = false");
}

static inline ip_t fata_dual_ipv4(eth_t eth, const struct dual_stack_options *o)
{
	fata_dual_stack_check(o);
	if (o->dhcp)
		return fata_dhcp_ipv4(
			eth, &(const struct dhcp_options){
				     .hostname = o->hostname,
				     .address = o->address != NULL ? o->address : "0.0.0.0/0",
				     .gateway = o->gateway != NULL ? o->gateway : "0.0.0.0",
				     .fragments = o->fragments,
				     .large_datagrams = o->large_datagrams,
				     .groups = o->groups,
				     .link_local = o->link_local,
			     });
	return fata_static_ipv4(eth,
				&(const struct ipv4_options){
					.address = o->address != NULL ? o->address : "10.0.2.15/24",
					.gateway = o->gateway != NULL ? o->gateway : "10.0.2.2",
					.fragments = o->fragments,
					.large_datagrams = o->large_datagrams,
					.groups = o->groups,
					.routes = o->routes,
				});
}

static inline ip_t dual_stack(netif_t net, const struct dual_stack_options *o)
{
	eth_t eth = (ethernet_over)(net, &o->ethernet);
	ip_t ipv4 = fata_dual_ipv4(eth, o);
	ip_t ipv6 =
		(ipv6_on)(eth, &(const struct ipv6_options){.address = o->ipv6_address,
							    .gateway = o->ipv6_gateway,
							    .secret = o->ipv6_secret,
							    .fragments = o->fragments,
							    .large_datagrams = o->large_datagrams,
							    .groups = o->ipv6_groups});

	return (multihomed)((const ip_t[]){ipv4, ipv6}, 2);
}

#define DUAL_STACK_DEFAULTS                                                                        \
	.dhcp = true, .link_local = false, .address = NULL, .gateway = NULL, .hostname = "",       \
	.fragments = 0, .large_datagrams = 2, .groups = false, .routes = NULL,                     \
	.ipv6_address = "auto", .ipv6_gateway = "::", .ipv6_secret = "", .ipv6_groups = true,      \
	.ethernet.tx = {0}, .ethernet.tx_packets = 192, .ethernet.tx_bytes = 512
#define DUAL_STACK_OPTIONS(...)                                                                    \
	(&(const struct dual_stack_options){DUAL_STACK_DEFAULTS, __VA_ARGS__})
#define dual_stack(NET, ...) FATA_HERE(dual_stack((NET), DUAL_STACK_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(dual_stack, "ip_t dual_stack(netif_t net, " FATA_TEXT_OF(DUAL_STACK_DEFAULTS) ")",
	    "IPv4 and IPv6 with all that they need, addresses from DHCP and routers or by keys")

#endif
