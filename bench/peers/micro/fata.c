/* SPDX-License-Identifier: ISC */
/* Fata's TCP on a microcontroller, with the least servers there can be: lwIP's are the same */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_counters();
	ip_t ip = dhcp_ipv4(default_netif(.rx_packets = 4, .rx_bytes = 1520), .minimal = true,
			    .address = "10.0.2.15/24", .gateway = "10.0.2.2",
			    .ethernet.tx_packets = 2, .ethernet.tx_bytes = 224);
	tcp_t tcp = tcp_over(ip, .connections = 8, .half_open = 4, .time_wait = 4, .repairs = 2,
			     .listeners = 3, .send_slices = 16, .send_bytes = 2920,
			     .recv_bytes = 2920, .recv_packets = 2, .cookies = false, .sack = false,
			     .congestion = "newreno", .ecn = "off", .mtu_probing = false,
			     .timestamps = false, .connect = false);

	unikernel("micro-fata",
		  with_stack(job("least_start", tcp, embedded_files("htdocs")), 2048));
}
