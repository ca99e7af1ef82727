/* SPDX-License-Identifier: ISC */
/* The resolver. */
#ifndef NET_DNS_CFG_H
#define NET_DNS_CFG_H

#include <fata/module.h>

#include "net/ndp/ndp.cfg.h"
#include "runtime/random/random.cfg.h"

struct dns_options {
	const char *servers; /* initial value of the key */
	unsigned queries, cache_entries;
};

static inline void fata_dns_check(const struct dns_options *o)
{
	enum { COUNT_MAX = 65535 };

	if (o->queries < 1 || o->queries > COUNT_MAX)
		fata_fault("DNS with %u queries: expected 1 to %u", o->queries, COUNT_MAX);
	if (o->cache_entries > COUNT_MAX)
		fata_fault("DNS: cache_entries is %u at most", COUNT_MAX);
}

/* Without servers of its own it takes those that a lease names, and the next lease's instead. */
#define FATA_DNS_WATCH                                                                             \
	"\n\n"                                                                                     \
	"static void $self_leased(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us)\n"   \
	"{\n"                                                                                      \
	"\tconst struct dhcp_lease *lease = dhcp_lease(dhcp);\n"                                   \
	"\n"                                                                                       \
	"\t(void)w;\n"                                                                             \
	"\tif (lease != NULL)\n"                                                                   \
	"\t\tdns_replace_servers_v4($self, now_us, DNS_DHCP, lease->dns.addr, lease->dns.n);\n"    \
	"}"
#define FATA_DNS_WATCH_START                                                                       \
	"static struct dhcp_watcher watcher = {.changed = $self_leased};\n"                        \
	"if (($servers)->count == 0)\n"                                                            \
	"\tdhcp_watch($dhcp, &watcher);\n"

/* The same for what routers of IPv6 advertise. */
#define FATA_DNS_WATCH_ROUTERS                                                                     \
	"\n\n"                                                                                     \
	"static void $self_advertised(struct ndp_watcher *w, struct ndp *ndp, uint64_t now_us)\n"  \
	"{\n"                                                                                      \
	"\tstruct ip_addr servers[NDP_SERVERS_MAX];\n"                                             \
	"\n"                                                                                       \
	"\t(void)w;\n"                                                                             \
	"\t(void)ndp;\n"                                                                           \
	"\tdns_replace_servers($self, now_us, DNS_ROUTER, servers, "                               \
	"ndp_servers_get($routers, servers));\n"                                                   \
	"}"
#define FATA_DNS_WATCH_ROUTERS_START                                                               \
	"static struct ndp_watcher router_watcher = {.changed = $self_advertised};\n"              \
	"if (($servers)->count == 0)\n"                                                            \
	"\tndp_watch($ndp, &router_watcher);\n"

/* The same for what DHCPv6 says. */
#define FATA_DNS_WATCH_DHCPV6                                                                      \
	"\n\n"                                                                                     \
	"static void $self_answered(struct dhcpv6_watcher *w, struct dhcpv6 *dhcp,\n"              \
	"\t\t\t  uint64_t now_us)\n"                                                               \
	"{\n"                                                                                      \
	"\tconst struct dhcpv6_addrs *dns = &dhcpv6_reply(dhcp)->dns;\n"                           \
	"\n"                                                                                       \
	"\t(void)w;\n"                                                                             \
	"\tdns_replace_servers($self, now_us, DNS_DHCPV6, dns->addr, dns->n);\n"                   \
	"}"
#define FATA_DNS_WATCH_DHCPV6_START                                                                \
	"static struct dhcpv6_watcher answers = {.changed = $self_answered};\n"                    \
	"if (($servers)->count == 0)\n"                                                            \
	"\tdhcpv6_watch($dhcpv6, &answers);\n"

/* The client of a lease below, or NULL. */
static inline struct fata_node *fata_dns_dhcp(udp_t udp)
{
	struct fata_node *ip = fata_below(udp.node, "ip");

	return ip != NULL ? fata_above(ip, "dhcp") : NULL;
}

static inline resolver_t dns_over(udp_t udp, tcp_t tcp, const struct dns_options *o)
{
	enum { SERVERS_MAX = 4, TCP_BYTES = 2048, QUERY_BYTES = 350, ENTRY_BYTES = 400 };
	struct fata_node *eth = fata_below(udp.node, "eth"), *dhcp = fata_dns_dhcp(udp);
	struct fata_node *ndp = fata_below(udp.node, "ndp");
	struct fata_node *routers = ndp != NULL ? (router_servers)((ip_t){ndp}).node : NULL;
	struct fata_node *dhcpv6 = fata_above(udp.node, "dhcpv6");
	bool learns = dhcp != NULL || ndp != NULL;
	key servers = {fata_key_list(fata_key_name(udp.node, "dns"), "ip", SERVERS_MAX,
				     o->servers != NULL ? o->servers
				     : learns           ? ""
							: "10.0.2.3",
				     learns ? "servers that resolve names, instead of the network's"
					    : "servers that resolve names, asked in this order",
				     &(const struct fata_key_options){.stage = BOOT_TIME})};

	fata_dns_check(o);
	if (eth == NULL)
		fata_fault("dns_over(): there is no Ethernet below whose packets it could use");
	const struct fata_spec spec = {
		.kind = "dns",
		.about = "DNS resolver (RFC 1035)",
		.signature = &fata_signature_resolver,
		.modules = "net/dns",
		.headers = fata_text("%s%s%snet/dns/dns.h net/eth/eth.h runtime/args.h "
				     "runtime/heap/heap.h",
				     dhcp != NULL ? "net/dhcp/dhcp.h " : "",
				     dhcpv6 != NULL ? "net/dhcpv6/dhcpv6.h " : "",
				     routers != NULL ? "net/ndp/servers.h " : ""),
		.state = fata_text("static struct dns *$self;%s%s%s",
				   dhcp != NULL ? FATA_DNS_WATCH : "",
				   routers != NULL ? FATA_DNS_WATCH_ROUTERS : "",
				   dhcpv6 != NULL ? FATA_DNS_WATCH_DHCPV6 : ""),
		.value = "dns_resolver($self)",
		.start = fata_text(
			"static const struct dns_config config = {\n"
			"\t.queries = %u,\n"
			"\t.cache_entries = %u,\n"
			"\t.tcp_bytes = %u,\n"
			"};\n"
			"void *memory = memory_take(\"DNS\", 8, dns_memory_bytes(&config));\n"
			"$self = dns_init(memory, &config, $udp, ($eth)->tx, $rng, $waker);\n"
			"%s%s%s%s"
			"return dns_add_servers($self, ($servers)->items, ($servers)->count);",
			o->queries, o->cache_entries, tcp.node != NULL ? TCP_BYTES : 0,
			tcp.node != NULL ? "dns_use_tcp($self, $tcp);\n" : "",
			dhcp != NULL ? FATA_DNS_WATCH_START : "",
			routers != NULL ? FATA_DNS_WATCH_ROUTERS_START : "",
			dhcpv6 != NULL ? FATA_DNS_WATCH_DHCPV6_START : ""),
		.poll = "dns_poll($self, now_us)",
		.counters = "metrics_add($page, &dns_counters, dns_stats($self), $name);",
		.ram_bytes = (uint64_t)o->queries * QUERY_BYTES +
			     (uint64_t)o->cache_entries * ENTRY_BYTES,
		.ram_use = "names",
	};
	return (resolver_t){
		fata_device(&spec, fata_name_over(udp.node, "dns"),
			    FATA_USES({"udp", udp.node}, {"tcp", tcp.node}, {"eth", eth},
				      {"dhcp", dhcp}, {"dhcpv6", dhcpv6}, {"ndp", ndp},
				      {"routers", routers}, {"rng", (default_rng)().node},
				      {"servers", servers.node}, {"heap", fata_heap()}))};
}

#define DNS_OPTIONS(...)                                                                           \
	(&(const struct dns_options){                                                              \
		.servers = NULL, .queries = 8, .cache_entries = 32, __VA_ARGS__})
#define dns_over(UDP, TCP, ...) FATA_HERE(dns_over((UDP), (TCP), DNS_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(dns_over, "resolver_t dns_over(udp_t udp, tcp_t tcp, .servers = NULL, …)",
	    "addresses of names, by --dns or the network; tcp, for long answers, may be {NULL}")

#endif
