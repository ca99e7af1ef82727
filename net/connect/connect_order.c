/* SPDX-License-Identifier: ISC */
/*
 * The order in which addresses of both families are tried: RFC 6724 section 6, as far as this side
 * knows what its rules ask for, then families by turns (RFC 8305 section 4).
 */
#include "net/connect/connect.h"

/* RFC 4007 scopes, as numbered in multicast addresses. */
enum { SCOPE_LINK = 2, SCOPE_SITE = 5, SCOPE_GLOBAL = 14, SCOPE_MAX = 15 };

struct policy {
	uint8_t prefix[16], bits, precedence, label;
};

/* RFC 6724 section 2.1, the longest prefix first. */
static const struct policy policies[] = {
	{{[15] = 1}, 128, 50, 0},                /* ::1 */
	{{[10] = 0xff, [11] = 0xff}, 96, 35, 4}, /* ::ffff:0:0, that is IPv4 */
	{{0}, 96, 1, 3},                         /* IPv4-compatible, deprecated */
	{{0x20, 0x01}, 32, 5, 5},                /* Teredo */
	{{0x20, 0x02}, 16, 30, 2},               /* 6to4 */
	{{0x3f, 0xfe}, 16, 1, 12},               /* 6bone */
	{{0xfe, 0xc0}, 10, 1, 11},               /* site-local */
	{{0xfc}, 7, 3, 13},                      /* unique local */
	{{0}, 0, 40, 1},                         /* the rest */
};

static unsigned common_bits(const uint8_t *a, const uint8_t *b)
{
	unsigned n = 0;

	while (n < 128 && ((a[n / 8] ^ b[n / 8]) & 0x80u >> n % 8) == 0)
		n++;
	return n;
}

static const struct policy *policy_of(const struct ip_addr *a)
{
	const struct policy *p = policies;

	while (common_bits((const uint8_t *)a, p->prefix) < p->bits)
		p++; /* the last one matches all */
	return p;
}

/* RFC 6724 sections 3.1 and 3.2. */
static unsigned scope_of(const struct ip_addr *a)
{
	static const struct ip_addr loopback = {{0, 0, 0, __builtin_bswap32(1)}};
	const uint8_t *byte = (const uint8_t *)a;

	if (ip_addr_is_v4(a))
		return byte[12] == 127 || (byte[12] == 169 && byte[13] == 254) ? SCOPE_LINK
									       : SCOPE_GLOBAL;
	if (byte[0] == 0xff)
		return byte[1] & 0xf;
	if (ip_addr_equal(a, &loopback) || (byte[0] == 0xfe && (byte[1] & 0xc0) == 0x80))
		return SCOPE_LINK;
	return byte[0] == 0xfe && (byte[1] & 0xc0) == 0xc0 ? SCOPE_SITE : SCOPE_GLOBAL;
}

/*
 * How good a destination is, by the rules that apply, each in bits of its own, the first one
 * highest: 1 there is a way to it, 2 the scope and 5 the label of its source address are its own,
 * 6 precedence, 8 a small scope, 9 bits in common with the source, of IPv6 prefixes only. Rules 3,
 * 4 and 7 are about addresses that this side does not have; 10 is that the sort is stable.
 */
static uint32_t score_of(struct ip *ip, const struct ip_addr *a)
{
	const struct policy *policy = policy_of(a);
	struct ip_route route;
	uint32_t common = 0;

	if (ip_route(ip, a, &route) != OK)
		return 0;
	if (!ip_addr_is_v4(a))
		common = MIN(common_bits((const uint8_t *)a, (const uint8_t *)&route.src), 64u);
	return 1u << 24 | (uint32_t)(scope_of(a) == scope_of(&route.src)) << 23 |
	       (uint32_t)(policy->label == policy_of(&route.src)->label) << 22 |
	       (uint32_t)policy->precedence << 12 | (SCOPE_MAX - scope_of(a)) << 8 | common;
}

/* Moves address `i` in front of those before it whose key, of which each has one, is greater. */
static void insert(struct ip_addr *addresses, uint32_t *keys, unsigned i, uint32_t key)
{
	const struct ip_addr a = addresses[i];

	for (; i > 0 && keys[i - 1] > key; i--) {
		keys[i] = keys[i - 1];
		addresses[i] = addresses[i - 1];
	}
	keys[i] = key;
	addresses[i] = a;
}

static void order(struct ip *ip, struct ip_addr *addresses, unsigned n, const struct ip_addr *last)
{
	uint32_t keys[CONNECT_ADDRESSES_MAX];
	unsigned of_family[2] = {0};

	if (n == 0)
		return;
	for (unsigned i = 0; i < n; i++)
		insert(addresses, keys, i, UINT32_MAX - score_of(ip, &addresses[i]));
	/* The best one's family comes first, or that which is not the last one's. */
	const bool first = ip_addr_is_v4(last != NULL ? last : &addresses[0]) != (last != NULL);
	for (unsigned i = 0; i < n; i++) {
		bool v4 = ip_addr_is_v4(&addresses[i]);
		insert(addresses, keys, i, 2 * of_family[v4]++ + (v4 != first));
	}
}

const struct connect_families connect_both_families = {.order = order, .parse = inet_parse};
