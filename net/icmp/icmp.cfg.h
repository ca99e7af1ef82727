/* SPDX-License-Identifier: ISC */
/* ICMP. */
#ifndef NET_ICMP_CFG_H
#define NET_ICMP_CFG_H

#include <fata/module.h>

static inline icmp_t icmp_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "icmp",
		.about = "ICMP (RFC 792)",
		.signature = &fata_signature_icmp,
		.modules = "net/icmp",
		.headers = "base/list.h net/icmp/icmp.h",
		.state = "static struct icmp $self;",
		.value = "&$self",
		.start = "struct ipv4 *ipv4 = container_of($ip, struct ipv4, ip);\n"
			 "return icmp_init(&$self, ipv4, ipv4->eth->tx);",
		.counters = "metrics_add($page, &icmp_counters, &$self.stats, $name);",
	};
	const char *name = fata_name_over(ip.node, "icmp");
	if (fata_below(ip.node, "ip") != ip.node)
		fata_fault("icmp_over() takes a layer of IPv4");
	return (icmp_t){fata_device(&spec, name, FATA_USES({"ip", ip.node}))};
}
#define icmp_over(IP) FATA_HERE(icmp_over(IP))

FATA_OFFERS(icmp_over, "icmp_t icmp_over(ip_t ip)", "answers to echo, errors in and out")

#endif
