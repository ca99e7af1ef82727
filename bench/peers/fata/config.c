/* SPDX-License-Identifier: ISC */
/* the least servers on Fata's TCP, to compare stacks without their HTTP */
#include <fata/config.h>

void configure(void)
{
	/* As apps/services. */
	packets_t tx = packet_pool(2048, 512);
	ip_t ip = static_ipv4(default_netif(.rx_packets = 1536), .ethernet.tx = tx);
	tcp_t tcp = tcp_over(ip, .connections = 1024, .half_open = 512, .send_slices = 4096,
			     .send_bytes = 128 * 1024, .recv_bytes = 256 * 1024,
			     .recv_packets = 192);

	unikernel("least", job("least_start", tcp, embedded_files("htdocs")));
}
