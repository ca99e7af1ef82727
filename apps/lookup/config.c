/* SPDX-License-Identifier: ISC */
/* asks DNS for the addresses of a name, prints them and ends */
#include <fata/config.h>

void configure(void)
{
	ip_t ip = dual_stack(default_netif(), .dhcp = false);
	key name = key_string("name", "example.com", "host to look up");
	key type = key_enum("type", "both", "both|A|AAAA", "addresses of IPv4, of IPv6, or both");
	key again = key_bool("again", false, "ask twice: the second answer comes from the cache");

	unikernel("lookup", job("lookup", dns_over(udp_over(ip), tcp_over(ip, .connections = 2)),
				name, type, again));
}
