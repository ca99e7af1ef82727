/* SPDX-License-Identifier: ISC */
/*
 * What an IPv6 address says of itself (RFC 4291): its kind, its scope, and how much of it two have
 * in common. Values only; no context.
 */
#ifndef NET_IP_IPV6_ADDR_H
#define NET_IP_IPV6_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/inet.h"

enum {
	IPV6_ADDR_BYTES = 16,
	IPV6_ADDR_BITS = 128,
};

/* RFC 4291 section 2.7; unicast addresses have those of section 2.4. Larger reaches farther. */
enum ipv6_scope {
	IPV6_SCOPE_INTERFACE = 1,
	IPV6_SCOPE_LINK = 2,
	IPV6_SCOPE_SITE = 5,
	IPV6_SCOPE_GLOBAL = 14,
};

extern const struct ip_addr ipv6_unspecified; /* :: */
extern const struct ip_addr ipv6_all_nodes;   /* ff02::1 */
extern const struct ip_addr ipv6_all_routers; /* ff02::2 */

ALWAYS_INLINE bool ipv6_addr_is_unspecified(const struct ip_addr *a)
{
	return (load_le64(a->word) | load_le64(a->word + 2)) == 0;
}

static inline bool ipv6_addr_is_group(const struct ip_addr *a)
{
	return load_be32(&a->word[0]) >> 24 == 0xff;
}

/* fe80::/10 */
ALWAYS_INLINE bool ipv6_addr_is_link_local(const struct ip_addr *a)
{
	return load_be32(&a->word[0]) >> 22 == 0xfe80 >> 6;
}

static inline struct ip_addr ipv6_addr_load(const void *bytes)
{
	struct ip_addr a;
	memcpy(&a, bytes, sizeof(a));
	return a;
}

/* ::1, of which packets never come from or go to a link. */
bool ipv6_addr_is_loopback(const struct ip_addr *a);

/* A unicast address that a host on a link can have: neither of the above, nor a mapped IPv4 one. */
bool ipv6_addr_is_host(const struct ip_addr *a);

/* enum ipv6_scope, or another value that a group has. */
uint8_t ipv6_addr_scope(const struct ip_addr *a);

/* How many leading bits two addresses have in common: 0 to 128. */
unsigned ipv6_addr_common_bits(const struct ip_addr *a, const struct ip_addr *b);

static inline bool ipv6_prefix_has(const struct ipv6_prefix *p, const struct ip_addr *a)
{
	return ipv6_addr_common_bits(&p->addr, a) >= p->bits;
}

/* The group ff02::1:ffxx:xxxx that whoever looks for the neighbour `a` asks (section 2.7.1). */
struct ip_addr ipv6_solicited_node(const struct ip_addr *a);

#endif
