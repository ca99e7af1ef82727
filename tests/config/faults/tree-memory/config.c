/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = tcp_over(static_ipv4(default_netif(.rx_packets = 512)), .connections = 4096);

	unikernel("app", job("app_start", tcp));
}
