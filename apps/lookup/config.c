/* SPDX-License-Identifier: ISC */
/* asks DNS for the addresses of a name, prints them and ends */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = static_ipv4(default_netif());
	key name = key_string("name", "example.com", "host to look up");
	key ipv6 = key_bool("ipv6", false, "look up its IPv6 addresses");
	key again = key_bool("again", false, "ask twice: the second answer comes from the cache");

	unikernel("lookup", job("lookup", dns_over(udp_over(ip), tcp_over(ip, .connections = 2)),
				name, ipv6, again));
}
