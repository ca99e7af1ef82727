/* SPDX-License-Identifier: ISC */
/* the same with Fata's HTTP server */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dhcp_ipv4(default_netif(.rx_packets = 4), .address = "10.0.2.15/24",
			    .gateway = "10.0.2.2", .ethernet.tx_packets = 2,
			    .ethernet.tx_bytes = 512);
	tcp_t tcp = tcp_over(ip, .connections = 9, .half_open = 8, .time_wait = 8, .listeners = 1,
			     .send_slices = 20, .send_bytes = 2920, .recv_bytes = 2920,
			     .recv_packets = 2, .cookies = false, .sack = false,
			     .congestion = "newreno", .ecn = "off", .mtu_probing = false);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port, .connections = 9, .header_buffers = 1);

	unikernel("micro-web", with_stack(job("serve", http, embedded_files("htdocs")), 2048));
}
