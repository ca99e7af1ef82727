/* SPDX-License-Identifier: ISC */
/* TCP echo (RFC 862) over IPv4 and IPv6, a fiber for each connection */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = tcp_over(dual_stack(default_netif(), .dhcp = false));
	key port = key_u16("port", 7, "TCP port to echo on", .min = 1, .max = 65535);
	key idle = key_duration("idle", "5min", "how long a silent peer is waited for");

	unikernel("echo", job("echo", tcp, port, idle));
}
