/* SPDX-License-Identifier: ISC */
/* IPv4 and IPv6 on one interface, a service over both, and its name. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif());
	udp_t udp = udp_over(ip);
	mdns_t mdns = mdns_over(udp, .name = "dual");

	(void)mdns_service(mdns, "_where._tcp", key_u16("port", 7, "port of the service"));
	unikernel("dual", job("dual", tcp_over(ip), udp, dhcp_of(ip)));
}
