/* SPDX-License-Identifier: ISC */
/* Tells the time as often as a server sets it: what the tests of SNTP boot. */
#include <fata/config.h>

void configure(void)
{
	udp_t udp = udp_over(dhcp_ipv4(default_netif(), .address = "10.0.2.15/24"));
	resolver_t dns = dns_over(udp, (tcp_t){NULL});

	unikernel("sntp", job("tell_time", sntp_client(udp, dns), wall_clock()));
}
