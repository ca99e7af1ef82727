/* SPDX-License-Identifier: ISC */
/* UDP, of which a network layer has one: asked again, udp_over() returns it. */
#ifndef NET_UDP_CFG_H
#define NET_UDP_CFG_H

#include <fata/module.h>

#include "runtime/random/random.cfg.h"

static inline udp_t udp_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "udp",
		.about = "UDP (RFC 768)",
		.signature = &fata_signature_udp,
		.modules = "net/udp",
		.headers = "net/udp/udp.h",
		.state = "static struct udp $self;",
		.value = "&$self",
		.start = "return udp_init(&$self, $ip, $rng);",
		.counters = "metrics_add($page, &udp_counters, &$self.stats, $name);",
	};
	struct fata_node *there = fata_above(ip.node, spec.kind);
	if (there != NULL)
		return (udp_t){there};
	const char *name = fata_name_over(ip.node, "udp");
	return (udp_t){fata_device(&spec, name,
				   FATA_USES({"ip", ip.node}, {"rng", (default_rng)().node}))};
}
#define udp_over(IP) FATA_HERE(udp_over(IP))

FATA_OFFERS(udp_over, "udp_t udp_over(ip_t ip)", "UDP")

#endif
