/* SPDX-License-Identifier: ISC */
/* ARP. */
#ifndef NET_ARP_CFG_H
#define NET_ARP_CFG_H

#include <fata/module.h>

static inline arp_t arp_over(eth_t eth)
{
	static const struct fata_spec spec = {
		.kind = "arp",
		.about = "ARP (RFC 826)",
		.signature = &fata_signature_arp,
		.modules = "net/arp",
		.headers = "net/arp/arp.h",
		.state = "static struct arp $self;",
		.value = "&$self",
		.start = "return arp_init(&$self, $eth, ($eth)->tx);",
		.poll = "arp_poll(&$self, now_us)",
		.counters = "metrics_add($page, &arp_counters, &$self.stats, $name);\n"
			    "metrics_add($page, &neighbour_counters, &$self.neighbours.stats, "
			    "$name);",
	};
	const char *name = fata_name_over(eth.node, "arp");
	return (arp_t){fata_device(&spec, name, FATA_USES({"eth", eth.node}))};
}
#define arp_over(ETH) FATA_HERE(arp_over(ETH))

FATA_OFFERS(arp_over, "arp_t arp_over(eth_t eth)", "ARP for the IPv4 over the same Ethernet")

#endif
