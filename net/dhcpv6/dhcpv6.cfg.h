/* SPDX-License-Identifier: ISC */
/* Servers of names and time that DHCPv6 tells. */
#ifndef NET_DHCPV6_CFG_H
#define NET_DHCPV6_CFG_H

#include <fata/module.h>

#include "net/udp/udp.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(dhcpv6, "struct dhcpv6 *", "net/dhcpv6/dhcpv6.h");

static inline dhcpv6_t dhcpv6_over(udp_t udp)
{
	static const struct fata_spec spec = {
		.kind = "dhcpv6",
		.about = "DHCPv6 client, stateless (RFC 8415)",
		.signature = &fata_signature_dhcpv6,
		.modules = "net/dhcpv6",
		.headers = "net/dhcpv6/dhcpv6.h net/eth/eth.h runtime/loop/loop.h",
		.state = "static struct dhcpv6 $self;",
		.value = "&$self",
		.start = "dhcpv6_init(&$self, $udp, ($eth)->tx, $rng, ($eth)->netif->mac);\n"
			 "return dhcpv6_start(&$self, time_now_us());",
		.poll = "dhcpv6_poll(&$self, now_us)",
		.counters = "metrics_add($page, &dhcpv6_counters, &$self.stats, $name);",
	};
	struct fata_node *eth = fata_below(udp.node, "eth");
	if (fata_below(udp.node, "ipv6") == NULL || eth == NULL)
		fata_fault("dhcpv6_over() takes UDP over IPv6");
	dhcpv6_t dhcp = {fata_device(
		&spec, fata_name_over(udp.node, "dhcpv6"),
		FATA_USES({"udp", udp.node}, {"eth", eth}, {"rng", (default_rng)().node}))};
	fata_attach(udp.node, dhcp.node);
	return dhcp;
}
#define dhcpv6_over(UDP) FATA_HERE(dhcpv6_over(UDP))

FATA_OFFERS(dhcpv6_over, "dhcpv6_t dhcpv6_over(udp_t udp)",
	    "name servers from DHCPv6, for a dns_over() that follows; addresses are IPv6's own")

#endif
