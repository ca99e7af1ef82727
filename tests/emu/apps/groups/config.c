/* SPDX-License-Identifier: ISC */
/* Joins and leaves groups as it is told, and answers what is sent to them. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .dhcp = false, .groups = true, .routes = "");

	unikernel("groups", job("groups", udp_over(ip)));
}
