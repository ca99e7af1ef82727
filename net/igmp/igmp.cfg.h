/* SPDX-License-Identifier: ISC */
/* Groups of IPv4. A network layer has one IGMP: asked again, igmp_over() returns it. */
#ifndef NET_IGMP_CFG_H
#define NET_IGMP_CFG_H

#include <fata/module.h>

#include "runtime/random/random.cfg.h"

SIGNATURE(igmp, "struct igmp *", "net/igmp/igmp.h");

static inline igmp_t igmp_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "igmp",
		.about = "groups of IPv4 (IGMPv3, RFC 3376)",
		.signature = &fata_signature_igmp,
		.modules = "net/igmp",
		.headers = "base/attr.h net/igmp/igmp.h",
		.state = "static struct igmp $self;",
		.value = "&$self",
		.start = "struct ipv4 *ipv4 = container_of($ip, struct ipv4, ip);\n"
			 "return igmp_init(&$self, ipv4, ipv4->eth->tx, $rng);",
		.poll = "igmp_poll(&$self, now_us)",
		.counters = "metrics_add($page, &igmp_counters, &$self.reporter.stats, $name);",
	};
	struct fata_node *there = fata_above(ip.node, spec.kind);
	if (there != NULL)
		return (igmp_t){there};
	if (fata_below(ip.node, "ip") != ip.node)
		fata_fault("igmp_over() takes a layer of IPv4");
	return (igmp_t){fata_device(&spec, fata_name_over(ip.node, "igmp"),
				    FATA_USES({"ip", ip.node}, {"rng", (default_rng)().node}))};
}
#define igmp_over(IP) FATA_HERE(igmp_over(IP))

FATA_OFFERS(igmp_over, "igmp_t igmp_over(ip_t ip)", "groups of IPv4 that sockets may join")

#endif
