/* SPDX-License-Identifier: ISC */
/* apps/web with its address from a DHCP server */
#include <fata/config.h>

void configure(void)
{
	/* 64 connections at once, in 2 MiB with everything else. */
	ip_t ip = dhcp_ipv4(default_netif());
	tcp_t tcp = tcp_over(ip, .time_wait = 256, .listeners = 1, .send_bytes = 128 * 1024,
			     .recv_bytes = 16 * 1024, .recv_packets = 16);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp, port);
	kv_t pages = embedded_files("htdocs");

	unikernel("web", job("web_start", http, pages));
}
