/* SPDX-License-Identifier: ISC */
/* echo, discard, chargen, HTTP and WebSocket, for interoperability tests */
#include <fata/config.h>

void configure(void)
{
	/* A thousand connections in 16 MiB: each may hold little, and what all may hold is bounded.
	 */
	packets_t tx = packet_pool(2048, 512);
	capture_t capture = capture_over(default_netif(.rx_packets = 1536));
	ip_t ip = static_ipv4(captured(capture), .fragments = 8, .ethernet.tx = tx);
	udp_t udp = udp_over(ip);
	tcp_t tcp = tcp_over(ip, .connections = 1024, .half_open = 512, .send_slices = 4096,
			     .send_bytes = 128 * 1024, .recv_bytes = 256 * 1024,
			     .recv_packets = 192);
	key port = key_u16("port", 80, "TCP port for HTTP", .min = 1, .max = 65535);
	key connect_to = key_ipv4_port("connect", "0.0.0.0:0",
				       "connect out to this address and port and echo there");
	http_t http = http_over(tcp, port, .connections = 952,
				.body_bytes_max = "UINT64_MAX"); /* the sink keeps nothing */
	websocket_t ws = websocket_over(http, .connections = 64);
	metrics_t metrics = metrics_page();

	unikernel("services",
		  job("services_start", tcp, udp, tx, http, ws, metrics, capture, connect_to));
}
