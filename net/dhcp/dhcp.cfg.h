/* SPDX-License-Identifier: ISC */
/* IPv4 with all that it needs below and beside it, its address from a server. */
#ifndef NET_DHCP_CFG_H
#define NET_DHCP_CFG_H

#include <fata/module.h>

#include "net/ipv4/ipv4.cfg.h"
#include "net/link_local/link_local.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(dhcp, "struct dhcp *", "net/dhcp/dhcp.h");

struct dhcp_options {
	const char *hostname;          /* initial values of the keys */
	const char *address, *gateway; /* an address turns DHCP off */
	bool off;
	bool link_local;                     /* a link-local address while no server gives one */
	unsigned fragments, large_datagrams; /* as of static_ipv4() */
	bool groups;
	bool minimal; /* inet_is_minimal of base/inet.h, of the whole image */
	struct ethernet_options ethernet;
};

static inline key fata_dhcp_key(struct fata_node *net, const char *type, const char *name,
				const char *initial, const char *help)
{
	return (key){fata_key(type, fata_key_name(net, name), initial, help,
			      &(const struct fata_key_options){.stage = BOOT_TIME})};
}

/* It starts with the address missing, and ends here when that is given: then nobody is asked. */
static inline struct fata_node *fata_dhcp(ip_t ip, key on, key address, key hostname)
{
	static const struct fata_spec spec = {
		.kind = "dhcp",
		.about = "DHCP client (RFC 2131)",
		.signature = &fata_signature_dhcp,
		.modules = "net/dhcp",
		.headers = "base/list.h net/dhcp/dhcp.h runtime/loop/loop.h",
		.state = "static struct dhcp $self;",
		.value = "&$self",
		.start = "struct ipv4 *ipv4 = container_of($ip, struct ipv4, ip);\n"
			 "enum err e = dhcp_init(&$self, ipv4, $rng, $hostname);\n"
			 "if (e == OK && $on && ($address).addr == 0)\n"
			 "\tdhcp_start(&$self, time_now_us());\n"
			 "return e;",
		.poll = "dhcp_poll(&$self, now_us)",
		.counters = "metrics_add($page, &dhcp_counters, &$self.stats, $name);",
	};
	return fata_device(&spec, fata_name_over(ip.node, "dhcp"),
			   FATA_USES({"ip", ip.node}, {"rng", (default_rng)().node},
				     {"on", on.node}, {"address", address.node},
				     {"hostname", hostname.node}));
}

/* Over an Ethernet that may carry IPv6 as well. */
static inline ip_t fata_dhcp_ipv4(eth_t eth, const struct dhcp_options *o)
{
	key on = fata_dhcp_key(eth.node, "bool", "dhcp", o->off ? "false" : "true",
			       "ask a DHCP server for the address, unless --ipv4 gives one");
	key hostname = fata_dhcp_key(eth.node, "string", "hostname", o->hostname,
				     "name that DHCP servers are told");
	key address = fata_dhcp_key(eth.node, "ipv4_prefix", "ipv4", o->address,
				    "address and length of its network's prefix, instead of DHCP");
	key gateway = fata_dhcp_key(eth.node, "ipv4", "gateway", o->gateway,
				    "router to other networks, with --ipv4");
	ip_t ip = (ipv4_over)(eth, (arp_over)(eth), address, gateway);

	fata_ipv4_parts(ip, o->fragments, o->large_datagrams, o->groups);
	if (o->minimal)
		fata_attach(ip.node, fata_ipv4_minimal());
	if (o->minimal && (o->fragments > 0 || o->groups || o->link_local))
		fata_fault("a minimal IPv4 has no fragments, groups and link-local addresses");
	struct fata_node *dhcp = fata_dhcp(ip, on, address, hostname);
	fata_attach(ip.node, dhcp);
	if (o->link_local)
		fata_attach(dhcp, fata_link_local(dhcp));
	return ip;
}

static inline ip_t dhcp_ipv4(netif_t net, const struct dhcp_options *o)
{
	return fata_dhcp_ipv4((ethernet_over)(net, &o->ethernet), o);
}

/* The client of a dhcp_ipv4() or dual_stack(), for who wants to know what servers say. */
static inline dhcp_t dhcp_of(ip_t ip)
{
	struct fata_node *ipv4 = fata_below(ip.node, "ip");
	struct fata_node *node = ipv4 != NULL ? fata_above(ipv4, "dhcp") : NULL;

	if (node != NULL)
		return (dhcp_t){node};
	fata_fault("dhcp_of() takes what dhcp_ipv4() or dual_stack() returned");
	return (dhcp_t){ip.node}; /* something, lest it be called empty as well */
}
#define dhcp_of(IP) FATA_HERE(dhcp_of(IP))

#define DHCP_IPV4_DEFAULTS                                                                         \
	.hostname = "", .off = false, .address = "0.0.0.0/0", .gateway = "0.0.0.0",                \
	.link_local = false, .fragments = 0, .large_datagrams = 2, .groups = false,                \
	.minimal = false, .ethernet.tx = {0}, .ethernet.tx_packets = 192, .ethernet.tx_bytes = 512
#define DHCP_IPV4_OPTIONS(...) (&(const struct dhcp_options){DHCP_IPV4_DEFAULTS, __VA_ARGS__})
#define dhcp_ipv4(NET, ...)    FATA_HERE(dhcp_ipv4((NET), DHCP_IPV4_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(dhcp_ipv4, "ip_t dhcp_ipv4(netif_t net, " FATA_TEXT_OF(DHCP_IPV4_DEFAULTS) ")",
	    "IPv4 with Ethernet, ARP and ICMP, its address from DHCP or by --ipv4 and --gateway")
FATA_OFFERS(dhcp_of, "dhcp_t dhcp_of(ip_t ip)", "the DHCP client of a dhcp_ipv4(), with its lease")

#endif
