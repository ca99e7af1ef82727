/* SPDX-License-Identifier: ISC */
/* Fata's TCP on a microcontroller, with the least servers there can be: lwIP's are the same */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dhcp_ipv4(default_netif(.rx_packets = 4), .address = "10.0.2.15/24",
			    .gateway = "10.0.2.2", .ethernet.tx_packets = 2,
			    .ethernet.tx_bytes = 512);
	tcp_t tcp = tcp_over(ip, .connections = 9, .half_open = 8, .time_wait = 8, .listeners = 3,
			     .send_slices = 20, .send_bytes = 2920, .recv_bytes = 2920,
			     .recv_packets = 2, .cookies = false, .sack = false,
			     .congestion = "newreno", .ecn = "off", .mtu_probing = false);

	unikernel("micro-fata",
		  with_stack(job("least_start", tcp, embedded_files("htdocs")), 2048));
}
