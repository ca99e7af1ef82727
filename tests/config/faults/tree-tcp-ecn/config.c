/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = static_ipv4(default_netif());

	unikernel("app", job("serve", tcp_over(ip, .ecn = "maybe")));
}
