/* SPDX-License-Identifier: ISC */
/* IPv6, alone and with all that it needs below and beside it. */
#ifndef NET_IPV6_CFG_H
#define NET_IPV6_CFG_H

#include <fata/module.h>

#include "net/eth/eth.cfg.h"
#include "net/fragments/fragments.cfg.h"
#include "net/icmpv6/icmpv6.cfg.h"
#include "net/mld/mld.cfg.h"
#include "net/ndp/ndp.cfg.h"

/* ICMPv6 is a part of it: Neighbor Discovery arrives there. */
static inline ip_t ipv6_over(eth_t eth, ndp_t ndp)
{
	static const struct fata_spec spec = {
		.kind = "ipv6",
		.counters = "metrics_add($page, &ipv6_counters, &$self.stats, $name);",
		.about = "IPv6 (RFC 8200)",
		.signature = &fata_signature_ip,
		.modules = "net/ipv6",
		.headers = "net/ipv6/ipv6.h",
		.state = "static struct ipv6 $self;",
		.value = "&$self.ip",
		.start = "return ipv6_start(&$self, $eth, $ndp);",
	};
	const char *name = fata_name_over(eth.node, "ipv6");
	ip_t ip = {fata_device(&spec, name, FATA_USES({"eth", eth.node}, {"ndp", ndp.node}))};

	fata_attach(ip.node, (icmpv6_over)(ip).node);
	return ip;
}
#define ipv6_over(ETH, NDP) FATA_HERE(ipv6_over((ETH), (NDP)))

struct ipv6_options {
	const char *address, *gateway, *secret; /* initial values of the keys */
	unsigned fragments;       /* datagrams put together at once; 0: fragments are dropped */
	unsigned large_datagrams; /* of those, in more than 8 fragments; 64 KiB each */
	bool groups; /* may be joined, and those of addresses are told to routers and switches */
	struct ethernet_options ethernet; /* for ipv6(), which makes it */
};

static inline key fata_ipv6_key(struct fata_node *net, const char *type, const char *name,
				const char *initial, const char *help)
{
	return (key){fata_key(type, fata_key_name(net, name), initial, help,
			      &(const struct fata_key_options){.stage = BOOT_TIME})};
}

/* Over an Ethernet that may carry IPv4 as well. */
static inline ip_t ipv6_on(eth_t eth, const struct ipv6_options *o)
{
	key address = fata_ipv6_key(eth.node, "ipv6_auto", "ipv6", o->address,
				    "address and length of its network's prefix, or auto: routers "
				    "advertise the prefix");
	key gateway = fata_ipv6_key(eth.node, "ipv6", "ipv6-gateway", o->gateway,
				    "router to other networks, :: for those that advertise");
	key secret =
		fata_ipv6_key(eth.node, "string", "ipv6-secret", o->secret,
			      "any text; with the same one, automatic addresses stay the same");

	ip_t ip = (ipv6_over)(eth, (ndp_over)(eth, address, gateway, secret));

	fata_with_fragments(ip, o->fragments, o->large_datagrams);
	if (o->groups)
		fata_attach(ip.node, (mld_over)(ip).node);
	return ip;
}

#define IPV6_DEFAULTS                                                                              \
	.address = "auto", .gateway = "::", .secret = "", .fragments = 0, .large_datagrams = 2,    \
	.groups = true
#define IPV6_OPTIONS(...) (&(const struct ipv6_options){IPV6_DEFAULTS, __VA_ARGS__})
#define ipv6_on(ETH, ...) FATA_HERE(ipv6_on((ETH), IPV6_OPTIONS(__VA_ARGS__)))

/* With the Ethernet too. Another name than the macro's, so that a variable may be called ipv6. */
static inline ip_t fata_ipv6(netif_t net, const struct ipv6_options *o)
{
	return (ipv6_on)((ethernet_over)(net, &o->ethernet), o);
}
#define IPV6_NET_DEFAULTS                                                                          \
	IPV6_DEFAULTS, .ethernet.tx = {0}, .ethernet.tx_packets = 192, .ethernet.tx_bytes = 512
#define IPV6_NET_OPTIONS(...) (&(const struct ipv6_options){IPV6_NET_DEFAULTS, __VA_ARGS__})
#define ipv6(NET, ...)        FATA_HERE(fata_ipv6((NET), IPV6_NET_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(ipv6_over, "ip_t ipv6_over(eth_t eth, ndp_t ndp)", "IPv6 with ICMPv6")
FATA_OFFERS(ipv6_on, "ip_t ipv6_on(eth_t eth, " FATA_TEXT_OF(IPV6_DEFAULTS) ")",
	    "IPv6 with Neighbor Discovery and ICMPv6 over an Ethernet, beside IPv4 or alone")
FATA_OFFERS(
	ipv6, "ip_t ipv6(netif_t net, " FATA_TEXT_OF(IPV6_NET_DEFAULTS) ")",
	"IPv6 with Ethernet, Neighbor Discovery and ICMPv6, its address from routers or by --ipv6")

#endif
