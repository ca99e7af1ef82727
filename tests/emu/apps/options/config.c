/* SPDX-License-Identifier: ISC */
/* What an application can choose of TCP, chosen by keys: what the tests with a real peer boot. */
#include <fata/config.h>

void configure(void)
{
	packets_t tx = packet_pool(2048, 512);
	ip_t ip = static_ipv4(default_netif(.rx_packets = 1024), .ethernet.tx = tx);
	tcp_t tcp = tcp_over(ip, .connections = 16, .listeners = 5, .send_slices = 1024,
			     .send_bytes = 512 * 1024, .recv_bytes = 512 * 1024,
			     .recv_packets = 384, .recv_initial = 16 * 1024,
			     .recv_total = 1024 * 1024, .ecn = "on", .keepalive_interval_s = 1,
			     .keepalive_count = 2, .congestion_key = true);
	key nagle = key_bool("nagle", false, "short segments of port 7 wait");
	key keepalive = key_u16("keepalive", 0, "seconds of silence at port 7, 0: any", .max = 600);
	key timeout = key_u16("user-timeout", 0, "that of port 7 in seconds, 0: the standard's",
			      .max = 600);
	key to = key_ipv4_port("connect", "0.0.0.0:0", "what /connect connects to, to echo there");

	unikernel("options", job("options_start", tcp, http_over(tcp, key_u16("port", 80, "HTTP")),
				 metrics_page(), nagle, keepalive, timeout, to));
}
