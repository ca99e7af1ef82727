/* SPDX-License-Identifier: ISC */
/* the peer of the benchmarks: lwIP on Fata's boards and drivers */
#include <fata/config.h>

void configure(void)
{
	/* As many received frames as apps/services has, which serves as many connections. */
	netif_t net = default_netif(.rx_packets = 1536);
	packets_t tx = packet_pool(1024, 512);
	kv_t pages = embedded_files("htdocs");
	key ipv4 =
		key_ipv4_prefix("ipv4", "10.0.2.15/24",
				"address and length of the network's prefix; 0.0.0.0/0: by DHCP");
	key gateway = key_ipv4("gateway", "10.0.2.2", "router to other networks");

	unikernel("lwip", job("lwip_serve", net, tx, pages, ipv4, gateway));
}
