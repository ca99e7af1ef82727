/* SPDX-License-Identifier: ISC */
/* IPv4, alone and with all that it needs below and beside it. */
#ifndef NET_IPV4_CFG_H
#define NET_IPV4_CFG_H

#include <fata/module.h>

#include "net/arp/arp.cfg.h"
#include "net/eth/eth.cfg.h"
#include "net/fragments/fragments.cfg.h"
#include "net/icmp/icmp.cfg.h"
#include "net/igmp/igmp.cfg.h"
#include "net/ipv4/routes.cfg.h"

static inline ip_t ipv4_over(eth_t eth, arp_t arp, key address, key gateway)
{
	static const struct fata_spec spec = {
		.kind = "ip",
		.about = "IPv4 (RFC 791)",
		.signature = &fata_signature_ip,
		.modules = "net/ipv4",
		.headers = "net/ipv4/ipv4.h runtime/loop/loop.h",
		.state = "static struct ipv4 $self;",
		.value = "&$self.ip",
		.start = "return ipv4_start(&$self, $eth, $arp, $address, $gateway, "
			 "time_now_us());",
		.counters = "metrics_add($page, &ipv4_counters, &$self.stats, $name);",
	};
	const char *name = fata_name_over(eth.node, "ip");
	return (ip_t){fata_device(&spec, name,
				  FATA_USES({"eth", eth.node}, {"arp", arp.node},
					    {"address", address.node}, {"gateway", gateway.node}))};
}
#define ipv4_over(ETH, ARP, ADDRESS, GATEWAY)                                                      \
	FATA_HERE(ipv4_over((ETH), (ARP), (ADDRESS), (GATEWAY)))

/* QEMU's user networking has 10.0.2.0/24, with the router at 10.0.2.2. */
static inline key fata_ipv4_key(struct fata_node *net, const char *initial)
{
	return (key){fata_key("ipv4_prefix", fata_key_name(net, "ipv4"), initial,
			      "address of this machine and length of its network's prefix",
			      &(const struct fata_key_options){.stage = BOOT_TIME})};
}

static inline key fata_gateway_key(struct fata_node *net, const char *initial)
{
	return (key){fata_key("ipv4", fata_key_name(net, "gateway"), initial,
			      "router to other networks, 0.0.0.0 for none",
			      &(const struct fata_key_options){.stage = BOOT_TIME})};
}

struct ipv4_options {
	const char *address, *gateway; /* initial values of the keys */
	unsigned fragments;       /* datagrams put together at once; 0: fragments are dropped */
	unsigned large_datagrams; /* of those, in more than 8 fragments; 64 KiB each */
	bool groups;              /* may be joined, which routers are told by IGMP */
	const char *routes;       /* initial value of the key --routes, NULL: there is none */
	struct ethernet_options ethernet;
};

/* All of the image's IPv4 is as small as can be: a constant. */
static inline struct fata_node *fata_ipv4_minimal(void)
{
	static const struct fata_spec spec = {
		.kind = "ipv4-parts",
		.about = "what IPv4 does without",
		.headers = "base/inet.h",
		.state = "const bool inet_is_minimal = true;",
	};
	return fata_single(&spec, "ipv4-parts", FATA_USES());
}

/* What a layer of IPv4 may have besides ICMP, which it has. */
static inline void fata_ipv4_parts(ip_t ip, unsigned fragments, unsigned large, bool groups)
{
	fata_attach(ip.node, (icmp_over)(ip).node);
	fata_with_fragments(ip, fragments, large);
	if (groups)
		fata_attach(ip.node, (igmp_over)(ip).node);
}

/* Over an Ethernet that may carry IPv6 as well. */
static inline ip_t fata_static_ipv4(eth_t eth, const struct ipv4_options *options)
{
	key address = fata_ipv4_key(eth.node, options->address);
	key gateway = fata_gateway_key(eth.node, options->gateway);
	ip_t ip = (ipv4_over)(eth, (arp_over)(eth), address, gateway);

	fata_ipv4_parts(ip, options->fragments, options->large_datagrams, options->groups);
	if (options->routes != NULL)
		fata_attach(ip.node, (routes_over)(ip, options->routes).node);
	return ip;
}

static inline ip_t static_ipv4(netif_t net, const struct ipv4_options *options)
{
	return fata_static_ipv4((ethernet_over)(net, &options->ethernet), options);
}

#define IPV4_DEFAULTS                                                                              \
	.address = "10.0.2.15/24", .gateway = "10.0.2.2", .fragments = 0, .large_datagrams = 2,    \
	.groups = false, .routes = NULL, .ethernet.tx = {0}, .ethernet.tx_packets = 192,           \
	.ethernet.tx_bytes = 512
#define IPV4_OPTIONS(...)     (&(const struct ipv4_options){IPV4_DEFAULTS, __VA_ARGS__})
#define static_ipv4(NET, ...) FATA_HERE(static_ipv4((NET), IPV4_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(ipv4_over, "ip_t ipv4_over(eth_t eth, arp_t arp, key address, key gateway)",
	    "IPv4 alone; address is of type ipv4_prefix, gateway of type ipv4")
FATA_OFFERS(static_ipv4, "ip_t static_ipv4(netif_t net, " FATA_TEXT_OF(IPV4_DEFAULTS) ")",
	    "IPv4 with Ethernet, ARP and ICMP, its address by --ipv4 and --gateway")

#endif
