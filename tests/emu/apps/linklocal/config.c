/* SPDX-License-Identifier: ISC */
/* A page over IPv4 and IPv6, with an address where no server gives one. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .link_local = true);
	key port = key_u16("port", 80, "TCP port to serve on", .min = 1, .max = 65535);

	unikernel("linklocal", job("greet", http_over(tcp_over(ip), port)));
}
