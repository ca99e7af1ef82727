/* SPDX-License-Identifier: ISC */
#include "net/ip/ipv6_addr.h"

const struct ip_addr ipv6_unspecified;
const struct ip_addr ipv6_all_nodes = INET_ADDR(0xff020000, 0, 0, 1);
const struct ip_addr ipv6_all_routers = INET_ADDR(0xff020000, 0, 0, 2);

bool ipv6_addr_is_loopback(const struct ip_addr *a)
{
	return (a->word[0] | a->word[1] | a->word[2]) == 0 && a->word[3] == __builtin_bswap32(1);
}

bool ipv6_addr_is_host(const struct ip_addr *a)
{
	return !ipv6_addr_is_unspecified(a) && !ipv6_addr_is_loopback(a) &&
	       !ipv6_addr_is_group(a) && !ip_addr_is_v4(a);
}

uint8_t ipv6_addr_scope(const struct ip_addr *a)
{
	if (ipv6_addr_is_group(a))
		return load_be32(&a->word[0]) >> 16 & 0xf;
	if (ipv6_addr_is_link_local(a) || ipv6_addr_is_loopback(a))
		return IPV6_SCOPE_LINK; /* RFC 6724 section 3.4 has the latter so */
	if (load_be32(&a->word[0]) >> 22 == 0xfec0 >> 6)
		return IPV6_SCOPE_SITE;
	return IPV6_SCOPE_GLOBAL;
}

unsigned ipv6_addr_common_bits(const struct ip_addr *a, const struct ip_addr *b)
{
	for (unsigned i = 0; i < 4; i++) {
		uint32_t differ = load_be32(&a->word[i]) ^ load_be32(&b->word[i]);
		if (differ != 0)
			return i * 32 + (unsigned)__builtin_clz(differ);
	}
	return IPV6_ADDR_BITS;
}

struct ip_addr ipv6_solicited_node(const struct ip_addr *a)
{
	uint32_t low = load_be32(&a->word[3]);
	struct ip_addr group = INET_ADDR(0xff020000, 0, 1, 0);
	store_be32(&group.word[3], UINT32_C(0xff000000) | low);
	return group;
}
