/* SPDX-License-Identifier: ISC */
/* Connects to a host by its name over and over, and tells which family won, and when. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .dhcp = false);
	tcp_t tcp = tcp_over(ip, .connections = 16);
	connector_t net = connect_over(tcp, dns_over(udp_over(ip), tcp));
	key name = key_string("name", "peer.test", "host to connect to");
	key port = key_u16("port", 7000, "its port", .min = 1);

	unikernel("eyeballs", job("look", net, name, port));
}
