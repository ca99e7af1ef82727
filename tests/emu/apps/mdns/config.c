/* SPDX-License-Identifier: ISC */
/* A page and an echo with names of their own: what the tests of multicast DNS boot. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dhcp_ipv4(default_netif(), .address = "10.0.2.15/24");
	udp_t udp = udp_over(ip);
	key seconds = key_u32("seconds", 0, "how long to run; 0: for ever");
	mdns_t mdns = mdns_over(udp, .name = "web");

	(void)mdns_service(mdns, "_http._tcp", key_u16("port", 80, "port of the page"),
			   .instance = "Page of \"Füße\"", .txt = "path=/\nversion=1");
	(void)mdns_service(mdns, "_echo._udp", key_u16("echo", 7, "port of the echo"));
	unikernel("mdns", job("linger", udp, seconds));
}
