/* SPDX-License-Identifier: ISC */
/* Joins and leaves groups as it is told, and answers what is sent to them: for the tests of IGMP.
 */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = static_ipv4(default_netif(), .groups = true, .routes = "");

	unikernel("groups", job("groups", udp_over(ip)));
}
