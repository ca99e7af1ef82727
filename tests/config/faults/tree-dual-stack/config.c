/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .dhcp = false, .link_local = true, .hostname = "a");
	ip_t other = dual_stack(netif("lan"), .routes = "10.1.0.0/16:10.0.2.9");

	unikernel("app", job("serve", udp_over(ip), udp_over(other)));
}
