/* SPDX-License-Identifier: ISC */
/* Groups of IPv6. A network layer has one MLD: asked again, mld_over() returns it. */
#ifndef NET_MLD_CFG_H
#define NET_MLD_CFG_H

#include <fata/module.h>

#include "net/icmpv6/icmpv6.cfg.h"
#include "runtime/loop/loop.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(mld, "struct mld *", "net/mld/mld.h");

static inline mld_t mld_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "mld",
		.about = "groups of IPv6 (MLDv2, RFC 3810)",
		.signature = &fata_signature_mld,
		.modules = "net/mld",
		.headers = "base/attr.h net/mld/mld.h runtime/loop/loop.h",
		.state = "static struct mld $self;",
		.value = "&$self",
		.start = "struct ipv6 *ipv6 = container_of($ip, struct ipv6, ip);\n"
			 "mld_init(&$self, ipv6, $icmpv6, ipv6->eth->tx, $rng, time_now_us());\n"
			 "return OK;",
		.poll = "mld_poll(&$self, now_us)",
		.counters = "metrics_add($page, &mld_counters, &$self.reporter.stats, $name);",
	};
	struct fata_node *there = fata_above(ip.node, spec.kind);
	if (there != NULL)
		return (mld_t){there};
	if (fata_below(ip.node, "ipv6") != ip.node)
		fata_fault("mld_over() takes a layer of IPv6");
	return (mld_t){fata_device(&spec, fata_name_over(ip.node, "mld"),
				   FATA_USES({"ip", ip.node}, {"icmpv6", (icmpv6_over)(ip).node},
					     {"rng", (default_rng)().node}))};
}
#define mld_over(IP) FATA_HERE(mld_over(IP))

FATA_OFFERS(mld_over, "mld_t mld_over(ip_t ip)", "groups of IPv6 that sockets may join")

#endif
