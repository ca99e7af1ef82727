/* SPDX-License-Identifier: ISC */
#include "net/arp/arp_msg.h"

#include <string.h>

#include "base/bytes.h"

/* Hardware and protocol, IPv4 over Ethernet, and the lengths of their addresses. */
static const uint8_t formats[] = {0, 1, ETH_TYPE_IPV4 >> 8, ETH_TYPE_IPV4 & 0xff, ETH_ADDR_BYTES,
				  4};

static const uint8_t none[ETH_ADDR_BYTES];

static bool is_station(const uint8_t mac[ETH_ADDR_BYTES])
{
	return !eth_addr_is_group(mac) && !eth_addr_equal(mac, none);
}

bool arp_msg_parse(struct arp_msg *m, const uint8_t *bytes, size_t len)
{
	if (len < ARP_MSG_BYTES || memcmp(bytes, formats, sizeof(formats)) != 0)
		return false;
	*m = (struct arp_msg){
		.op = load_be16(bytes + 6),
		.sender_mac = bytes + 8,
		.sender = load_be32(bytes + 14),
		.target_mac = bytes + 18,
		.target = load_be32(bytes + 24),
	};
	return (m->op == ARP_REQUEST || m->op == ARP_REPLY) && is_station(m->sender_mac);
}

void arp_msg_emit(const struct arp_msg *m, uint8_t *out)
{
	memcpy(out, formats, sizeof(formats));
	store_be16(out + 6, m->op);
	memcpy(out + 8, m->sender_mac, ETH_ADDR_BYTES);
	store_be32(out + 14, m->sender);
	memcpy(out + 18, m->target_mac != NULL ? m->target_mac : none, ETH_ADDR_BYTES);
	store_be32(out + 24, m->target);
}
