/* SPDX-License-Identifier: ISC */
/*
 * Redirects (RFC 4861 section 8): a router knows a better first hop for a destination.
 */
#include "net/ndp/ndp_internal.h"

static struct ndp_redirect *find(struct ndp *ndp, const struct ip_addr *dst)
{
	for (unsigned i = 0; i < NDP_REDIRECTS_MAX; i++) {
		struct ndp_redirect *r = &ndp->redirect[i];
		if (r->used_us != 0 && ip_addr_equal(&r->dst, dst))
			return r;
	}
	return NULL;
}

/* A free place, or that of the one not used for longest. */
static struct ndp_redirect *place(struct ndp *ndp)
{
	struct ndp_redirect *oldest = &ndp->redirect[0];
	for (unsigned i = 1; i < NDP_REDIRECTS_MAX; i++) {
		if (ndp->redirect[i].used_us < oldest->used_us)
			oldest = &ndp->redirect[i];
	}
	return oldest;
}

const struct ip_addr *ndp_redirect_find(struct ndp *ndp, uint64_t now_us, const struct ip_addr *dst)
{
	struct ndp_redirect *r = find(ndp, dst);
	if (r == NULL)
		return NULL;
	r->used_us = MAX(now_us, 1);
	return &r->hop;
}

void ndp_redirect_forget(struct ndp *ndp, const struct ip_addr *hop)
{
	for (unsigned i = 0; i < NDP_REDIRECTS_MAX; i++) {
		struct ndp_redirect *r = &ndp->redirect[i];
		if (ip_addr_equal(&r->hop, hop) || ip_addr_equal(&r->router, hop))
			*r = (struct ndp_redirect){0};
	}
}

/*
 * Section 8.1: of the router that the destination's packets go to now, to another router or to the
 * destination itself.
 */
static bool is_credible(struct ndp *ndp, uint64_t now_us, const struct ip_addr *from,
			const struct ip_addr *dst, const struct ip_addr *target)
{
	if (!ipv6_addr_is_host(dst) || ndp_owns(ndp, dst) || ndp_owns(ndp, target))
		return false;
	if (!ipv6_addr_is_link_local(target) && !ip_addr_equal(target, dst))
		return false;
	const struct ip_addr *hop = ndp_next_hop(ndp, now_us, dst);
	return hop != NULL && ip_addr_equal(hop, from);
}

uint32_t *ndp_redirect_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m)
{
	const struct ip_addr *from = &m->meta->src;
	const struct ip_addr target = ndp_msg_target(m->bytes);
	const struct ip_addr dst = ipv6_addr_load(m->bytes + 24);
	if (!ipv6_addr_is_link_local(from))
		return &ndp->stats.bad;
	if (!is_credible(ndp, now_us, from, &dst, &target)) {
		ndp->stats.not_believed++;
		return &ndp->stats.redirects_in;
	}
	(void)ndp_learn(ndp, now_us, &target, m->mac);
	struct ndp_redirect *r = find(ndp, &dst);
	if (r == NULL)
		r = place(ndp);
	*r = (struct ndp_redirect){
		.dst = dst, .hop = target, .router = *from, .used_us = MAX(now_us, 1)};
	return &ndp->stats.redirects_in;
}
