/* SPDX-License-Identifier: ISC */
/* Serves HTTP and echoes datagrams (RFC 862) over IPv6, and tells of its addresses. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = ipv6(default_netif(), .fragments = 8);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);
	http_t http = http_over(tcp_over(ip), port);

	unikernel("ipv6", job("serve", http, udp_over(ip), ndp_of(ip), router_servers(ip)));
}
