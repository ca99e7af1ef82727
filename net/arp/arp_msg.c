/* SPDX-License-Identifier: ISC */
#include "net/arp/arp_msg.h"

#include <string.h>

#include "base/cursor.h"

enum { HARDWARE_ETHERNET = 1 };

static bool is_station(const uint8_t mac[ETH_ADDR_BYTES])
{
	static const uint8_t none[ETH_ADDR_BYTES];
	return !eth_addr_is_group(mac) && !eth_addr_equal(mac, none);
}

static void read_mac(struct cursor *c, uint8_t mac[ETH_ADDR_BYTES])
{
	const uint8_t *at = cursor_bytes(c, ETH_ADDR_BYTES);
	if (at != NULL)
		memcpy(mac, at, ETH_ADDR_BYTES);
}

bool arp_msg_parse(struct arp_msg *m, const void *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	*m = (struct arp_msg){0};
	if (cursor_be16(&c) != HARDWARE_ETHERNET || cursor_be16(&c) != ETH_TYPE_IPV4 ||
	    cursor_u8(&c) != ETH_ADDR_BYTES || cursor_u8(&c) != sizeof(m->sender))
		return false;
	m->op = cursor_be16(&c);
	read_mac(&c, m->sender_mac);
	m->sender = cursor_be32(&c);
	read_mac(&c, m->target_mac);
	m->target = cursor_be32(&c);
	return cursor_ok(&c) && (m->op == ARP_REQUEST || m->op == ARP_REPLY) &&
	       is_station(m->sender_mac);
}

void arp_msg_emit(const struct arp_msg *m, uint8_t *out)
{
	store_be16(out, HARDWARE_ETHERNET);
	store_be16(out + 2, ETH_TYPE_IPV4);
	out[4] = ETH_ADDR_BYTES;
	out[5] = sizeof(m->sender);
	store_be16(out + 6, m->op);
	memcpy(out + 8, m->sender_mac, ETH_ADDR_BYTES);
	store_be32(out + 14, m->sender);
	memcpy(out + 18, m->target_mac, ETH_ADDR_BYTES);
	store_be32(out + 24, m->target);
}
