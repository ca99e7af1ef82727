/* SPDX-License-Identifier: ISC */
/*
 * Which of our addresses to send from: RFC 6724 section 5, as far as a host with one interface and
 * neither mobility nor temporary addresses needs it: rules 1, 2, 3, 6 and 8.
 */
#include "net/ndp/ndp_internal.h"

/* The default policy table of section 2.1: prefixes with their labels. */
static const struct {
	uint32_t first; /* 32 bits of the prefix, host order: none has more */
	uint8_t bits, label;
} policy[] = {
	{UINT32_C(0x20010000), 32, 5},  /* Teredo */
	{UINT32_C(0x20020000), 16, 2},  /* 6to4 */
	{UINT32_C(0xfc000000), 7, 13},  /* unique local */
	{UINT32_C(0xfec00000), 10, 11}, /* site-local, once */
	{UINT32_C(0x3ffe0000), 16, 12}, /* 6bone, once */
};

enum { LABEL_OTHER = 1 };

static uint8_t label_of(const struct ip_addr *addr)
{
	uint32_t first = load_be32(&addr->word[0]);
	for (unsigned i = 0; i < ARRAY_SIZE(policy); i++) {
		if ((first ^ policy[i].first) >> (32 - policy[i].bits) == 0)
			return policy[i].label;
	}
	return LABEL_OTHER;
}

/* Rule 2: appropriate scope. Below 0 if `a` is better, above if `b` is. */
static int compare_scopes(const struct ip_addr *a, const struct ip_addr *b, uint8_t wanted)
{
	int scope_a = ipv6_addr_scope(a), scope_b = ipv6_addr_scope(b);
	if (scope_a == scope_b)
		return 0;
	if (scope_a < scope_b)
		return scope_a < wanted ? 1 : -1;
	return scope_b < wanted ? -1 : 1;
}

/* Rule 8: the longest matching prefix, no longer than the subnet's. */
static unsigned matching_bits(const struct ndp_addr *a, const struct ip_addr *dst)
{
	return MIN(ipv6_addr_common_bits(&a->addr, dst), a->prefix_bits);
}

static bool is_better(const struct ndp_addr *a, const struct ndp_addr *b, const struct ip_addr *dst)
{
	if (ip_addr_equal(&b->addr, dst)) /* rule 1 */
		return false;
	if (ip_addr_equal(&a->addr, dst))
		return true;
	int scopes = compare_scopes(&a->addr, &b->addr, ipv6_addr_scope(dst));
	if (scopes != 0)
		return scopes < 0;
	if (a->deprecated != b->deprecated) /* rule 3 */
		return b->deprecated;
	uint8_t label = label_of(dst);
	bool same_a = label_of(&a->addr) == label, same_b = label_of(&b->addr) == label;
	if (same_a != same_b) /* rule 6 */
		return same_a;
	return matching_bits(a, dst) > matching_bits(b, dst);
}

const struct ndp_addr *ndp_source(const struct ndp *ndp, const struct ip_addr *dst)
{
	const struct ndp_addr *best = NULL;
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &ndp->addr[i];
		if (ndp_addr_is_usable(a) && (best == NULL || is_better(a, best, dst)))
			best = a;
	}
	return best;
}
