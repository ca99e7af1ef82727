/* SPDX-License-Identifier: ISC */
#include "tests/fakes/frames6.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"

enum { PROTO_UDP = 17, PROTO_ICMPV6 = 58, IPV6_TYPE = 0x86dd };

struct ip_addr ip6(const char *text)
{
	struct ip_addr a;
	enum err e = inet_parse_v6(text, &a);
	assert(e == OK);
	return a;
}

size_t frame_ipv6_header(uint8_t *ip, const struct frame_ipv6 *f, size_t len)
{
	store_be32(ip, 6u << 28 | (uint32_t)f->traffic_class << 20);
	store_be16(ip + 4, (uint16_t)(f->extension_bytes + len));
	ip[6] = f->next;
	ip[7] = f->hop_limit != 0 ? f->hop_limit : 255;
	memcpy(ip + 8, &f->src, 16);
	memcpy(ip + 24, &f->dst, 16);
	if (f->extension_bytes > 0)
		memcpy(ip + 40, f->extension, f->extension_bytes);
	return 40 + f->extension_bytes;
}

size_t frame_ipv6(uint8_t *out, const struct frame_ipv6 *f, const void *payload, size_t len)
{
	uint8_t group[6] = {0x33, 0x33};
	memcpy(group + 2, &f->dst.word[3], 4);
	uint8_t *ip = out + frame_eth(out, f->eth_dst != NULL ? f->eth_dst : group, f->eth_src,
				      IPV6_TYPE);
	size_t header = frame_ipv6_header(ip, f, len);
	if (len > 0)
		memmove(ip + header, payload, len);
	return FRAME_ETH + header + len;
}

static uint16_t checksum(const struct ip_addr *src, const struct ip_addr *dst, uint8_t proto,
			 const void *bytes, size_t len)
{
	uint32_t sum = csum_add(csum_add(0, src, 16), dst, 16);
	sum = csum_add_u16(csum_add_u16(sum, proto), (uint16_t)len);
	return csum_fold(csum_add(sum, bytes, len));
}

/* The transport with its checksum at `field`. */
static size_t frame_l4(uint8_t *out, const struct frame_ipv6 *ip, uint8_t proto, uint8_t *l4,
		       size_t len, size_t field)
{
	struct frame_ipv6 with_proto = *ip;
	if (ip->extension_bytes == 0)
		with_proto.next = proto;
	store_be16(l4 + field, 0);
	uint16_t sum = checksum(&ip->src, &ip->dst, proto, l4, len);
	csum_store(l4 + field, sum != 0 ? sum : UINT16_MAX);
	return frame_ipv6(out, &with_proto, l4, len);
}

size_t frame_icmpv6(uint8_t *out, const struct frame_ipv6 *ip, const void *message, size_t len)
{
	uint8_t copy[FRAME_MAX];
	memcpy(copy, message, len);
	return frame_l4(out, ip, PROTO_ICMPV6, copy, len, 2);
}

size_t frame_udp6(uint8_t *out, const struct frame_ipv6 *ip, uint16_t from, uint16_t to,
		  const void *payload, size_t len)
{
	uint8_t datagram[FRAME_MAX];
	store_be16(datagram, from);
	store_be16(datagram + 2, to);
	store_be16(datagram + 4, (uint16_t)(8 + len));
	if (len > 0)
		memcpy(datagram + 8, payload, len);
	return frame_l4(out, ip, PROTO_UDP, datagram, 8 + len, 6);
}

uint16_t frame6_l4_error(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + FRAME_ETH;
	struct ip_addr src, dst;
	memcpy(&src, ip + 8, 16);
	memcpy(&dst, ip + 24, 16);
	return checksum(&src, &dst, ip[6], frame + FRAME6_L4, len - FRAME6_L4);
}

size_t nd_mac(uint8_t *out, uint8_t type, const uint8_t mac[6])
{
	out[0] = type;
	out[1] = 1;
	memcpy(out + 2, mac, 6);
	return 8;
}

size_t nd_prefix(uint8_t *out, const char *prefix, uint8_t bits, uint8_t flags, uint32_t valid_s,
		 uint32_t preferred_s)
{
	const struct ip_addr a = ip6(prefix);
	out[0] = 3;
	out[1] = 4;
	out[2] = bits;
	out[3] = flags;
	store_be32(out + 4, valid_s);
	store_be32(out + 8, preferred_s);
	store_be32(out + 12, 0);
	memcpy(out + 16, &a, 16);
	return 32;
}

size_t nd_mtu(uint8_t *out, uint32_t mtu)
{
	out[0] = 5;
	out[1] = 1;
	store_be16(out + 2, 0);
	store_be32(out + 4, mtu);
	return 8;
}
