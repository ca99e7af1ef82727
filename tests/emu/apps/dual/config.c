/* SPDX-License-Identifier: ISC */
/* IPv4 and IPv6 on one interface, and an echo over both. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif());
	tcp_t tcp = tcp_over(ip);

	unikernel("dual", job("dual", tcp, udp_over(ip), dhcp_of(ip)));
}
