/* SPDX-License-Identifier: ISC */
/* Tells of each lease and answers datagrams (RFC 862): what the tests of DHCP boot. */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dhcp_ipv4(default_netif(), .hostname = "fata");

	unikernel("dhcp", job("tell", dhcp_of(ip), udp_over(ip)));
}
