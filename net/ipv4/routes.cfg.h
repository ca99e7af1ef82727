/* SPDX-License-Identifier: ISC */
/* Routes of IPv4 besides the link and the gateway, by --routes. */
#ifndef NET_IPV4_ROUTES_CFG_H
#define NET_IPV4_ROUTES_CFG_H

#include <fata/module.h>

SIGNATURE(routes, "struct ipv4_routes *", "net/ipv4/routes.h");

/* `initial` is the initial value of the key: "10.1.0.0/16:10.0.2.9,…". */
static inline routes_t routes_over(ip_t ip, const char *initial)
{
	enum { ROUTES_MAX = 16 }; /* as net/ipv4/routes.h */
	static const struct fata_spec spec = {
		.kind = "routes",
		.about = "routes of IPv4",
		.signature = &fata_signature_routes,
		.modules = "net/ipv4",
		.headers = "base/attr.h net/ipv4/routes.h",
		.state = "static struct ipv4_routes $self;",
		.value = "&$self",
		.start = "ipv4_routes_init(&$self, container_of($ip, struct ipv4, ip));\n"
			 "return ipv4_routes_set(&$self, ($routes)->items, ($routes)->count);",
	};
	key routes = {fata_key_list(fata_key_name(ip.node, "routes"), "ipv4_route", ROUTES_MAX,
				    initial, "networks and the routers to them",
				    &(const struct fata_key_options){.stage = BOOT_TIME})};

	if (fata_below(ip.node, "ip") != ip.node)
		fata_fault("routes_over() takes a layer of IPv4");
	return (routes_t){fata_device(&spec, fata_name_over(ip.node, "routes"),
				      FATA_USES({"ip", ip.node}, {"routes", routes.node}))};
}
#define routes_over(IP, INITIAL) FATA_HERE(routes_over((IP), (INITIAL)))

FATA_OFFERS(routes_over, "routes_t routes_over(ip_t ip, const char *initial)",
	    "routes besides the gateway, by --routes=10.1.0.0/16:10.0.2.9,…")

#endif
