/* SPDX-License-Identifier: ISC */
/* the same with Fata's HTTP server */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_counters();
	ip_t ip = dhcp_ipv4(default_netif(.rx_packets = 4, .rx_bytes = 1536), .minimal = true,
			    .address = "10.0.2.15/24", .gateway = "10.0.2.2",
			    .ethernet.tx_packets = 2, .ethernet.tx_bytes = 480);
	tcp_t tcp = tcp_over(ip, .connections = 10, .half_open = 4, .time_wait = 4, .repairs = 2,
			     .listeners = 1, .send_slices = 16, .send_bytes = 2920,
			     .recv_bytes = 2920, .recv_packets = 2, .cookies = false, .sack = false,
			     .congestion = "newreno", .ecn = "off", .mtu_probing = false,
			     .timestamps = false, .connect = false);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port, .connections = 8, .header_buffers = 1,
				.header_bytes = 1024, .kept = 2, .kept_bytes = 640,
				.variants = false, .bodies = false, .sources = false,
				.conditions = false, .date = false, .reasons = false);

	unikernel("micro-web", with_stack(job("serve", http, embedded_files("htdocs")), 2048));
}
