/* SPDX-License-Identifier: ISC */
/* Groups of hosts, by their addresses of IPv4 or IPv6. */
#include "base/attr.h"
#include "base/inet.h"
#include "net/eth/eth.h"

void eth_group_addr(const struct ip_addr *group, uint8_t mac[static ETH_ADDR_BYTES])
{
	mac[0] = mac[1] = 0x33;
	memcpy(mac + 2, &group->word[3], sizeof(group->word[3]));
	if (ip_addr_is_v4(group)) {
		mac[0] = 0x01;
		mac[1] = 0x00;
		mac[2] = 0x5e;
		mac[3] &= 0x7f;
	}
}

UNGUARDED SELDOM enum err eth_join_group(struct eth *eth, const struct ip_addr *group)
{
	uint8_t mac[ETH_ADDR_BYTES];
	eth_group_addr(group, mac);
	return eth_join(eth, mac);
}

UNGUARDED SELDOM void eth_leave_group(struct eth *eth, const struct ip_addr *group)
{
	uint8_t mac[ETH_ADDR_BYTES];
	eth_group_addr(group, mac);
	eth_leave(eth, mac);
}

UNGUARDED SELDOM enum err eth_output_group(struct eth *eth, struct pkt *p,
					   const struct ip_addr *group)
{
	uint8_t mac[ETH_ADDR_BYTES];
	eth_group_addr(group, mac);
	return eth_output(eth, p, mac, ip_addr_is_v4(group) ? ETH_TYPE_IPV4 : ETH_TYPE_IPV6);
}
