/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = tcp_over(static_ipv4(default_netif()), .connections = 64);
	http_t http = http_over(tcp, key_u16("port", 80, "TCP port to serve on"));

	unikernel("crowded", job("start", websocket_over(http, .connections = 8)));
}
