/* SPDX-License-Identifier: ISC */
/* ICMPv6. */
#ifndef NET_ICMPV6_CFG_H
#define NET_ICMPV6_CFG_H

#include <fata/module.h>

SIGNATURE(icmpv6, "struct icmpv6 *", "net/icmpv6/icmpv6.h");

static inline icmpv6_t icmpv6_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "icmpv6",
		.counters = "metrics_add($page, &icmpv6_counters, &$self.icmp.stats, $name);",
		.about = "ICMPv6 (RFC 4443)",
		.signature = &fata_signature_icmpv6,
		.modules = "net/icmpv6",
		.headers = "base/list.h net/icmpv6/icmpv6.h",
		.state = "static struct icmpv6 $self;",
		.value = "&$self",
		.start = "struct ipv6 *ipv6 = container_of($ip, struct ipv6, ip);\n"
			 "return icmpv6_init(&$self, ipv6, ipv6->eth->tx);",
	};
	struct fata_node *there = fata_above(ip.node, spec.kind);

	if (fata_below(ip.node, "ipv6") != ip.node)
		fata_fault("icmpv6_over() takes a layer of IPv6");
	if (there != NULL)
		return (icmpv6_t){there};
	return (icmpv6_t){
		fata_device(&spec, fata_name_over(ip.node, spec.kind), FATA_USES({"ip", ip.node}))};
}
#define icmpv6_over(IP) FATA_HERE(icmpv6_over(IP))

FATA_OFFERS(icmpv6_over, "icmpv6_t icmpv6_over(ip_t ip)",
	    "the ICMPv6 of an IPv6, which brings it along: echo, errors in and out")

#endif
