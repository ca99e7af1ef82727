/* SPDX-License-Identifier: ISC */
/*
 * Addresses made of the prefixes that routers advertise (RFC 4862 section 5.5.3).
 */
#include "net/ndp/ndp_internal.h"

enum {
	PREFIX_BITS = 64, /* RFC 2464 section 4: what identifiers on Ethernet leave */
	TWO_HOURS_S = 7200,
};

static bool has_prefix(const struct ndp_addr *a, const struct ip_addr *prefix)
{
	return a->state != NDP_ADDR_FREE && a->generated &&
	       ipv6_addr_common_bits(&a->addr, prefix) >= PREFIX_BITS;
}

static struct ndp_addr *find(struct ndp *ndp, const struct ip_addr *prefix)
{
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		if (has_prefix(&ndp->addr[i], prefix))
			return &ndp->addr[i];
	}
	return NULL;
}

static void set_times(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a, uint64_t valid_us,
		      uint32_t preferred_s)
{
	a->valid_us = valid_us;
	a->preferred_us = ndp_after_s(now_us, preferred_s);
	a->deprecated = preferred_s == 0;
	ndp_expect_poll_at(ndp, time_earlier(a->valid_us, a->preferred_us));
}

/* Section 5.5.3 (e): nobody can make an address that is in use run out within two hours. */
static uint64_t renewed_us(uint64_t now_us, const struct ndp_addr *a, uint32_t valid_s)
{
	uint64_t valid_us = ndp_after_s(now_us, valid_s);
	if (valid_s > TWO_HOURS_S || valid_us > a->valid_us)
		return valid_us;
	return MIN(a->valid_us, ndp_after_s(now_us, TWO_HOURS_S));
}

/* A new one, whose times are yet to be set; or NULL. */
static struct ndp_addr *add(struct ndp *ndp, uint64_t now_us, const struct ip_addr *prefix)
{
	struct ndp_addr *a = ndp_addr_place(ndp);
	if (a != NULL) {
		*a = (struct ndp_addr){.prefix_bits = PREFIX_BITS, .generated = true};
		ndp_addr_generate(ndp, a, prefix);
		if (ndp_addr_join(ndp, now_us, a) == OK)
			return a;
	}
	ndp->stats.full++;
	return NULL;
}

void ndp_slaac_prefix(struct ndp *ndp, uint64_t now_us, const uint8_t *option)
{
	uint32_t valid_s = load_be32(option + 4), preferred_s = load_be32(option + 8);
	struct ip_addr prefix = ipv6_addr_load(option + 16);
	prefix.word[2] = prefix.word[3] = 0;
	if (preferred_s > valid_s || option[2] != PREFIX_BITS || !ipv6_addr_is_host(&prefix)) {
		ndp->stats.not_believed++;
		return;
	}
	struct ndp_addr *a = find(ndp, &prefix);
	if (a != NULL) {
		set_times(ndp, now_us, a, renewed_us(now_us, a, valid_s), preferred_s);
	} else if (valid_s != 0 && (a = add(ndp, now_us, &prefix)) != NULL) {
		set_times(ndp, now_us, a, ndp_after_s(now_us, valid_s), preferred_s);
		ndp_dad_start(ndp, now_us, a);
	}
}
