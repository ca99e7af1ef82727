/* SPDX-License-Identifier: ISC */
/* sends without end, with as much room for what is under way as Linux has */
#include <fata/config.h>

void configure(void)
{
	/* 4 MiB is what Linux's tcp_wmem ends with: on a long path it is the link that limits. */
	packets_t tx = packet_pool(2048, 512);
	ip_t ip = static_ipv4(default_netif(.rx_packets = 512), .ethernet.tx = tx);
	tcp_t tcp = tcp_over(ip, .connections = 16, .send_slices = 1024,
			     .send_bytes = 4 * 1024 * 1024, .recv_bytes = 256 * 1024,
			     .recv_packets = 192);

	unikernel("sender", job("least_start", tcp, embedded_files("htdocs")));
}
