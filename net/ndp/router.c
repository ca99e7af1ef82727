/* SPDX-License-Identifier: ISC */
/*
 * What routers advertise (RFC 4861 section 6.3), and the first hop of what is sent (section 5.2).
 */
#include "net/ip/ipv6_header.h"
#include "net/ndp/ndp_internal.h"

enum {
	HOP_LIMIT_MIN = 32, /* below, no host far away could be reached: not believed */
	/* Milliseconds that are believed: RFC 4861 section 6.2.1 ends with an hour. */
	REACHABLE_MAX_MS = 3600000,
	RETRANS_MIN_MS = 100,
	RETRANS_MAX_MS = 10000,
};

/* --- prefixes on the link -------------------------------------------------------------------- */

static struct ndp_prefix *find_prefix(struct ndp *ndp, const struct ipv6_prefix *prefix)
{
	for (unsigned i = 0; i < NDP_PREFIXES_MAX; i++) {
		struct ndp_prefix *p = &ndp->prefix[i];
		if (p->until_us != 0 && p->prefix.bits == prefix->bits &&
		    ipv6_prefix_has(prefix, &p->prefix.addr))
			return p;
	}
	return NULL;
}

static struct ndp_prefix *free_prefix(struct ndp *ndp)
{
	for (unsigned i = 0; i < NDP_PREFIXES_MAX; i++) {
		if (ndp->prefix[i].until_us == 0)
			return &ndp->prefix[i];
	}
	return NULL;
}

enum err ndp_prefix_set(struct ndp *ndp, const struct ipv6_prefix *prefix, uint64_t until_us)
{
	struct ndp_prefix *p = find_prefix(ndp, prefix);
	if (p == NULL)
		p = free_prefix(ndp);
	if (p == NULL) {
		ndp->stats.full++;
		return ERR_NOMEM;
	}
	*p = (struct ndp_prefix){.prefix = *prefix, .until_us = until_us};
	ndp_expect_poll_at(ndp, until_us);
	return OK;
}

int ndp_link_bits(const struct ndp *ndp, const struct ip_addr *dst)
{
	int bits = -1;
	if (ipv6_addr_is_link_local(dst))
		return 64;
	for (unsigned i = 0; i < NDP_PREFIXES_MAX; i++) {
		const struct ndp_prefix *p = &ndp->prefix[i];
		if (p->until_us != 0 && ipv6_prefix_has(&p->prefix, dst))
			bits = MAX(bits, p->prefix.bits);
	}
	return bits;
}

/* RFC 4861 section 6.3.4: the static address's prefix does not depend on what routers say. */
static void take_on_link(struct ndp *ndp, uint64_t now_us, const uint8_t *option)
{
	const struct ipv6_prefix prefix = {.addr = ipv6_addr_load(option + 16), .bits = option[2]};
	struct ndp_prefix *known = find_prefix(ndp, &prefix);
	uint32_t valid_s = load_be32(option + 4);
	if (known != NULL && known->until_us == TIME_NEVER && !ndp->autoconfigure)
		return;
	if (valid_s != 0)
		(void)!ndp_prefix_set(ndp, &prefix, ndp_after_s(now_us, valid_s));
	else if (known != NULL)
		*known = (struct ndp_prefix){0};
}

static void take_prefix(struct ndp *ndp, uint64_t now_us, const uint8_t *option)
{
	const struct ip_addr prefix = ipv6_addr_load(option + 16);
	if (ndp_option_bytes(option) != NDP_PREFIX_BYTES || option[2] > IPV6_ADDR_BITS ||
	    ipv6_addr_is_link_local(&prefix) || ipv6_addr_is_group(&prefix)) {
		ndp->stats.not_believed++;
		return;
	}
	if ((option[3] & NDP_PREFIX_ON_LINK) != 0)
		take_on_link(ndp, now_us, option);
	if ((option[3] & NDP_PREFIX_AUTONOMOUS) != 0 && ndp->autoconfigure)
		ndp_slaac_prefix(ndp, now_us, option);
}

/* --- routers --------------------------------------------------------------------------------- */

static struct ndp_router *find_router(struct ndp *ndp, const struct ip_addr *addr)
{
	for (unsigned i = 0; i < NDP_ROUTERS_MAX; i++) {
		struct ndp_router *r = &ndp->router[i];
		if (r->until_us != 0 && ip_addr_equal(&r->addr, addr))
			return r;
	}
	return NULL;
}

static struct ndp_router *free_router(struct ndp *ndp)
{
	for (unsigned i = 0; i < NDP_ROUTERS_MAX; i++) {
		if (ndp->router[i].until_us == 0)
			return &ndp->router[i];
	}
	return NULL;
}

bool ndp_has_router(const struct ndp *ndp)
{
	for (unsigned i = 0; i < NDP_ROUTERS_MAX; i++) {
		if (ndp->router[i].until_us != 0)
			return true;
	}
	return false;
}

/* The last one is gone: others are looked for. */
static void forget_router(struct ndp *ndp, uint64_t now_us, struct ndp_router *r)
{
	ndp_log(ndp->eth, LOG_INFO, "%s: no router %s any more", &r->addr, 0);
	ndp_redirect_forget(ndp, &r->addr);
	*r = (struct ndp_router){0};
	if (!ndp_has_router(ndp) && ndp->solicit_us == TIME_NEVER)
		ndp_router_solicit(ndp, now_us);
}

void ndp_router_remove(struct ndp *ndp, uint64_t now_us, const struct ip_addr *addr)
{
	struct ndp_router *r = find_router(ndp, addr);
	if (r != NULL && !r->is_static)
		forget_router(ndp, now_us, r);
}

/* RFC 4191 section 2.2: two bits, signed; the reserved value is the middle one. */
static int8_t preference_of(uint8_t flags)
{
	static const int8_t value[] = {0, 1, 0, -1};
	return value[flags >> 3 & 3];
}

static void take_router(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m)
{
	const struct ip_addr *addr = &m->meta->src;
	uint16_t lifetime_s = load_be16(m->bytes + 6);
	struct ndp_router *r = find_router(ndp, addr);
	if (r != NULL && r->is_static)
		return;
	if (lifetime_s == 0) {
		if (r != NULL)
			forget_router(ndp, now_us, r);
		return;
	}
	if (r == NULL) {
		r = free_router(ndp);
		if (r == NULL) {
			ndp->stats.full++;
			return;
		}
		ndp_log(ndp->eth, LOG_INFO, "%s: router %s", addr, 0);
	}
	*r = (struct ndp_router){.addr = *addr,
				 .until_us = ndp_after_s(now_us, lifetime_s),
				 .preference = preference_of(m->bytes[5])};
	ndp_expect_poll_at(ndp, r->until_us);
	ndp->solicit_us = TIME_NEVER; /* RFC 7559 section 2.1 */
}

/* Section 6.3.6: one that answers, then the preferred one (RFC 4191 section 3.2). */
static int rank_of(struct ndp *ndp, const struct ndp_router *r)
{
	enum { ANSWERS = 8, UNKNOWN = 4 };
	const struct neighbour *e = neighbour_find(&ndp->neighbours, &r->addr);
	int rank = r->preference;
	if (e == NULL || e->state == NEIGHBOUR_INCOMPLETE)
		return rank + UNKNOWN;
	return neighbour_is_known(e) ? rank + ANSWERS : rank;
}

const struct ndp_router *ndp_router_best(struct ndp *ndp)
{
	const struct ndp_router *best = NULL;
	int best_rank = 0;
	for (unsigned i = 0; i < NDP_ROUTERS_MAX; i++) {
		const struct ndp_router *r = &ndp->router[i];
		if (r->until_us == 0)
			continue;
		int rank = rank_of(ndp, r);
		if (best == NULL || rank > best_rank) {
			best = r;
			best_rank = rank;
		}
	}
	return best;
}

const struct ip_addr *ndp_next_hop(struct ndp *ndp, uint64_t now_us, const struct ip_addr *dst)
{
	const struct ip_addr *redirected = ndp_redirect_find(ndp, now_us, dst);
	if (redirected != NULL)
		return redirected;
	if (ndp_link_bits(ndp, dst) >= 0)
		return dst;
	const struct ndp_router *r = ndp_router_best(ndp);
	return r != NULL ? &r->addr : NULL;
}

/* --- advertisements -------------------------------------------------------------------------- */

/* Parameters of the link, of which 0 means that the router says nothing. */
static void take_parameters(struct ndp *ndp, const uint8_t *msg)
{
	uint32_t reachable_ms = load_be32(msg + 8), retrans_ms = load_be32(msg + 12);
	if (msg[4] >= HOP_LIMIT_MIN)
		ndp->hop_limit = msg[4];
	if (reachable_ms >= RETRANS_MIN_MS && reachable_ms <= REACHABLE_MAX_MS)
		ndp->reachable_us = reachable_ms * US_PER_MS;
	if (retrans_ms >= RETRANS_MIN_MS && retrans_ms <= RETRANS_MAX_MS)
		ndp->retrans_us = retrans_ms * US_PER_MS;
}

static void take_mtu(struct ndp *ndp, const uint8_t *option)
{
	uint32_t mtu = load_be32(option + 4);
	if (mtu >= IPV6_MTU_MIN && mtu <= ndp->eth->netif->mtu)
		ndp->mtu = (uint16_t)mtu;
}

static void take_option(struct ndp *ndp, uint64_t now_us, const uint8_t *option)
{
	enum { PART_BYTES_MIN = 16 };
	size_t len = ndp_option_bytes(option);
	if (option[0] == NDP_OPTION_PREFIX && len >= NDP_PREFIX_BYTES)
		take_prefix(ndp, now_us, option);
	else if (option[0] == NDP_OPTION_MTU)
		take_mtu(ndp, option);
	else if (ndp->part != NULL && len >= PART_BYTES_MIN)
		ndp->part->option(ndp->part_self, now_us, option, len);
}

uint32_t *ndp_router_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m)
{
	if (!ipv6_addr_is_link_local(&m->meta->src)) /* section 6.1.2 */
		return &ndp->stats.bad;
	struct neighbour *e = ndp_learn(ndp, now_us, &m->meta->src, m->mac);
	if (e != NULL)
		e->is_router = true;
	take_parameters(ndp, m->bytes);
	if (!ndp->static_router)
		take_router(ndp, now_us, m);
	for (const uint8_t *o = m->options; o < m->end; o += ndp_option_bytes(o))
		take_option(ndp, now_us, o);
	return &ndp->stats.routers_in;
}

/* --- time ------------------------------------------------------------------------------------ */

uint64_t ndp_router_poll(struct ndp *ndp, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;
	for (unsigned i = 0; i < NDP_ROUTERS_MAX; i++) {
		struct ndp_router *r = &ndp->router[i];
		if (r->until_us != 0 && now_us >= r->until_us)
			forget_router(ndp, now_us, r);
		if (r->until_us != 0)
			due_us = time_earlier(due_us, r->until_us);
	}
	for (unsigned i = 0; i < NDP_PREFIXES_MAX; i++) {
		struct ndp_prefix *p = &ndp->prefix[i];
		if (now_us >= p->until_us)
			p->until_us = 0;
		if (p->until_us != 0)
			due_us = time_earlier(due_us, p->until_us);
	}
	return due_us;
}
