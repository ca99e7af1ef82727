/* SPDX-License-Identifier: ISC */
/* Neighbor Discovery and autoconfiguration, and what routers say of name servers. */
#ifndef NET_NDP_CFG_H
#define NET_NDP_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(ndp, "struct ndp *", "net/ndp/ndp.h");
SIGNATURE(ndp_servers, "struct ndp_servers *", "net/ndp/servers.h");

static inline ndp_t ndp_over(eth_t eth, key address, key gateway, key secret)
{
	static const struct fata_spec spec = {
		.kind = "ndp",
		.counters =
			"metrics_add($page, &ndp_counters, &$self.stats, $name);\n"
			"metrics_add($page, &neighbour_counters, &$self.neighbours.stats, $name);",
		.about = "Neighbor Discovery (RFC 4861)",
		.signature = &fata_signature_ndp,
		.modules = "net/ndp",
		.headers = "net/eth/eth.h net/ndp/ndp.h runtime/loop/loop.h",
		.state = "static struct ndp $self;",
		.value = "&$self",
		.start = "const struct ndp_config config = {\n"
			 "\t.address = $address,\n"
			 "\t.gateway = $gateway,\n"
			 "\t.secret = $secret,\n"
			 "};\n"
			 "return ndp_start(&$self, $eth, ($eth)->tx, $rng, &config, "
			 "time_now_us());",
		.poll = "ndp_poll(&$self, now_us)",
	};
	return (ndp_t){fata_device(&spec, fata_name_over(eth.node, "ndp"),
				   FATA_USES({"eth", eth.node}, {"rng", (default_rng)().node},
					     {"address", address.node}, {"gateway", gateway.node},
					     {"secret", secret.node}))};
}
#define ndp_over(ETH, ADDRESS, GATEWAY, SECRET)                                                    \
	FATA_HERE(ndp_over((ETH), (ADDRESS), (GATEWAY), (SECRET)))

/* Below an IPv6 layer: struct ndp * for a job that watches addresses. */
static inline ndp_t ndp_of(ip_t ip)
{
	struct fata_node *node = fata_below(ip.node, "ndp");

	if (node != NULL)
		return (ndp_t){node};
	fata_fault("ndp_of() takes a layer of IPv6");
	return (ndp_t){ip.node}; /* something, lest it be called empty as well */
}
#define ndp_of(IP) FATA_HERE(ndp_of(IP))

/* One for a link: asked again, it is returned. */
static inline ndp_servers_t router_servers(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "ndp-servers",
		.about = "name servers that routers advertise (RFC 8106)",
		.signature = &fata_signature_ndp_servers,
		.modules = "net/ndp",
		.headers = "net/ndp/servers.h",
		.state = "static struct ndp_servers $self;",
		.value = "&$self",
		.start = "ndp_servers_init(&$self, $ndp);\n"
			 "return OK;",
	};
	struct fata_node *ndp = (ndp_of)(ip).node;
	struct fata_node *there = fata_above(ndp, spec.kind);

	if (there != NULL)
		return (ndp_servers_t){there};
	return (ndp_servers_t){
		fata_device(&spec, fata_name_over(ip.node, spec.kind), FATA_USES({"ndp", ndp}))};
}
#define router_servers(IP) FATA_HERE(router_servers(IP))

FATA_OFFERS(ndp_over, "ndp_t ndp_over(eth_t eth, key address, key gateway, key secret)",
	    "Neighbor Discovery for IPv6; the keys are of type ipv6_auto, ipv6 and string")
FATA_OFFERS(ndp_of, "ndp_t ndp_of(ip_t ip)", "the addresses, routers and neighbours of an IPv6")
FATA_OFFERS(router_servers, "ndp_servers_t router_servers(ip_t ip)",
	    "name servers that routers advertise to an IPv6")

#endif
