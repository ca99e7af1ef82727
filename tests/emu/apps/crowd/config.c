/* SPDX-License-Identifier: ISC */
/* Ten thousand connections that mostly wait: what fits in 16 MiB. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = static_ipv4(default_netif());
	tcp_t tcp = tcp_over(ip, .connections = 10240, .half_open = 256, .time_wait = 1024,
			     .listeners = 1, .repairs = 256, .send_slices = 2048,
			     .recv_bytes = 16 * 1024, .recv_packets = 12);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port, .header_buffers = 32, .idle_timeout_s = 3600);

	unikernel("crowd", job("serve", http));
}
