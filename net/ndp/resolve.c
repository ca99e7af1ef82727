/* SPDX-License-Identifier: ISC */
/*
 * Neighbours: their Ethernet addresses and whether they are there (RFC 4861 section 7).
 */
#include "net/ndp/ndp_internal.h"

#include "base/attr.h"

/* --- sending --------------------------------------------------------------------------------- */

void ndp_solicit(struct ndp *ndp, const struct ip_addr *src, const struct ip_addr *target,
		 const uint8_t *mac, const uint8_t *nonce)
{
	const struct ip_addr group = ipv6_solicited_node(target);
	const struct ndp_out out = {.type = NDP_NEIGHBOR_SOLICITATION,
				    .target = target,
				    .option = nonce != NULL ? NDP_OPTION_NONCE : NDP_OPTION_SOURCE,
				    .nonce = nonce,
				    .sent = &ndp->stats.solicitations_out};
	ndp_send(ndp, src, mac != NULL ? target : &group, mac, &out);
}

/* RFC 4429 section 3.3: what says something of an optimistic address overrides nothing. */
static void advertise(struct ndp *ndp, const struct ndp_addr *a, const struct ip_addr *dst,
		      const uint8_t *mac)
{
	struct ndp_out out = {.type = NDP_NEIGHBOR_ADVERTISEMENT,
			      .target = &a->addr,
			      .option = NDP_OPTION_TARGET,
			      .sent = &ndp->stats.advertisements_out};
	if (a->state == NDP_ADDR_ASSIGNED)
		out.flags |= NDP_NA_OVERRIDE;
	if (mac != NULL)
		out.flags |= NDP_NA_SOLICITED;
	ndp_send(ndp, &a->addr, dst, mac, &out);
}

void ndp_announce(struct ndp *ndp, const struct ndp_addr *a)
{
	advertise(ndp, a, &ipv6_all_nodes, NULL);
}

/*
 * The address to ask from: one that suits the neighbour. Caches must not be told of an optimistic
 * one (RFC 4429 section 3.3), but the link-local one will do as well.
 */
static const struct ndp_addr *address_to_ask_from(const struct ndp *ndp,
						  const struct ip_addr *neighbour)
{
	const struct ndp_addr *a = ndp_source(ndp, neighbour), *link_local = &ndp->addr[0];
	bool is_better = a != NULL && a->state == NDP_ADDR_OPTIMISTIC &&
			 link_local->state == NDP_ADDR_ASSIGNED;
	return is_better ? link_local : a;
}

/* One more solicitation: a known neighbour is asked directly. Or it waits for an address. */
static void ask(struct ndp *ndp, uint64_t now_us, struct neighbour *e)
{
	const struct ndp_addr *a = address_to_ask_from(ndp, &e->addr);
	bool must_wait = a != NULL && a->state == NDP_ADDR_OPTIMISTIC;
	e->tries += !must_wait;
	e->due_us = must_wait ? a->due_us : now_us + ndp->retrans_us;
	ndp_expect_poll_at(ndp, e->due_us);
	if (a != NULL && !must_wait)
		ndp_solicit(ndp, &a->addr, &e->addr, e->state == NEIGHBOUR_PROBE ? e->mac : NULL,
			    NULL);
}

static SELDOM void set_state(struct ndp *ndp, struct neighbour *e, enum neighbour_state state,
			     uint64_t due_us)
{
	e->state = (uint8_t)state;
	e->tries = 0;
	e->due_us = due_us;
	ndp_expect_poll_at(ndp, due_us);
}

enum err ndp_output(struct ndp *ndp, uint64_t now_us, struct pkt *p, const struct ip_addr *hop)
{
	struct neighbours *n = &ndp->neighbours;
	struct neighbour *e = neighbour_find(n, hop);
	if (UNLIKELY(e == NULL)) {
		e = neighbour_create(n, now_us, hop, NEIGHBOUR_RANK_IN_USE);
		set_state(ndp, e, NEIGHBOUR_INCOMPLETE, TIME_NEVER);
		ask(ndp, now_us, e);
	}
	e->used_us = now_us;
	if (UNLIKELY(e->state == NEIGHBOUR_STALE))
		set_state(ndp, e, NEIGHBOUR_DELAY, now_us + NDP_DELAY_US);
	if (LIKELY(neighbour_is_known(e)))
		return eth_output(n->eth, p, e->mac, ETH_TYPE_IPV6);
	if (e->state == NEIGHBOUR_FAILED)
		return ERR_UNREACHABLE;
	neighbour_wait(n, e, p);
	return OK;
}

/* --- what is learnt -------------------------------------------------------------------------- */

/* RFC 4861 section 7.3.3: confirmed, for a time that differs from host to host. */
static void set_reachable(struct ndp *ndp, uint64_t now_us, struct neighbour *e)
{
	uint64_t time_us = ndp->reachable_us / 2 + ndp_random(ndp) % ndp->reachable_us;
	set_state(ndp, e, NEIGHBOUR_REACHABLE, now_us + time_us);
}

struct neighbour *ndp_learn(struct ndp *ndp, uint64_t now_us, const struct ip_addr *addr,
			    const uint8_t *mac)
{
	struct neighbours *n = &ndp->neighbours;
	struct neighbour *e = neighbour_find(n, addr);
	if (mac == NULL)
		return e;
	if (e == NULL)
		e = neighbour_create(n, now_us, addr, NEIGHBOUR_RANK_IDLE);
	if (e == NULL) {
		ndp->stats.not_learnt++;
		return NULL;
	}
	bool was_known = neighbour_is_known(e);
	if (neighbour_set_mac(n, e, mac) || !was_known)
		set_state(ndp, e, NEIGHBOUR_STALE, TIME_NEVER);
	neighbour_send_waiting(n, e);
	return e;
}

/* --- solicitations that come ----------------------------------------------------------------- */

/* RFC 4861 section 7.1.1. */
static bool is_solicitation(const struct ndp_msg *m, const struct ip_addr *target)
{
	const struct ip_addr group = ipv6_solicited_node(target);
	if (ipv6_addr_is_group(target))
		return false;
	return !ipv6_addr_is_unspecified(&m->meta->src) ||
	       (ip_addr_equal(&m->meta->dst, &group) && m->mac == NULL);
}

/* RFC 7527 section 4.2: our own solicitation, come back. */
static bool is_echo(const struct ndp_msg *m, const struct ndp_addr *a)
{
	const uint8_t *o = ndp_option_find(m->options, m->end, NDP_OPTION_NONCE);
	return o != NULL && ndp_option_bytes(o) == NDP_OPTION_UNIT &&
	       memcmp(o + NDP_OPTION_HEADER, a->nonce, sizeof(a->nonce)) == 0;
}

/* RFC 4862 section 5.4.3: who asks from nowhere is about to take the address. */
static void solicited_by_nobody(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m,
				struct ndp_addr *a)
{
	if (a->state == NDP_ADDR_ASSIGNED)
		advertise(ndp, a, &ipv6_all_nodes, NULL);
	else if (!is_echo(m, a))
		ndp_dad_conflict(ndp, now_us, a);
}

/* Who asks, from `src`, is answered, and learnt. */
static void solicited(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m,
		      const struct ndp_addr *a)
{
	const struct ip_addr *src = &m->meta->src;
	const struct neighbour *e = ndp_learn(ndp, now_us, src, m->mac);
	const uint8_t *mac = m->mac;
	if (mac == NULL && e != NULL && neighbour_is_known(e))
		mac = e->mac;
	if (mac != NULL) /* who asks without it, and is not known, has to ask the group */
		advertise(ndp, a, src, mac);
}

uint32_t *ndp_solicitation_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m)
{
	const struct ip_addr target = ndp_msg_target(m->bytes);
	struct ndp_addr *a = ndp_addr_find(ndp, &target);
	if (!is_solicitation(m, &target))
		return &ndp->stats.bad;
	if (a != NULL && a->state != NDP_ADDR_DUPLICATE) {
		if (ipv6_addr_is_unspecified(&m->meta->src))
			solicited_by_nobody(ndp, now_us, m, a);
		else if (ndp_addr_is_usable(a))
			solicited(ndp, now_us, m, a);
	}
	return &ndp->stats.solicitations_in;
}

/* --- advertisements that come ---------------------------------------------------------------- */

/* Another station says that it has an address of ours. */
static void conflict(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	if (a->state == NDP_ADDR_TENTATIVE || a->state == NDP_ADDR_OPTIMISTIC) {
		ndp_dad_conflict(ndp, now_us, a);
		return;
	}
	if (a->state != NDP_ADDR_ASSIGNED)
		return;
	if (ndp->stats.conflicts++ == 0)
		ndp_log(ndp->eth, LOG_WARN, "%s: another station uses our address %s", &a->addr, 0);
	else if (now_us - ndp->defended_us < NDP_DEFEND_US)
		return;
	ndp->defended_us = now_us;
	ndp_announce(ndp, a);
}

/* RFC 4861 section 7.2.5. */
static void confirm(struct ndp *ndp, uint64_t now_us, struct neighbour *e, const uint8_t *mac,
		    uint8_t flags)
{
	bool known = neighbour_is_known(e);
	bool differs = mac != NULL && !(known && eth_addr_equal(mac, e->mac));
	if (known && differs && (flags & NDP_NA_OVERRIDE) == 0) {
		if (e->state == NEIGHBOUR_REACHABLE)
			set_state(ndp, e, NEIGHBOUR_STALE, TIME_NEVER);
		return;
	}
	if (differs)
		(void)neighbour_set_mac(&ndp->neighbours, e, mac);
	if ((flags & NDP_NA_SOLICITED) != 0)
		set_reachable(ndp, now_us, e);
	else if (differs)
		set_state(ndp, e, NEIGHBOUR_STALE, TIME_NEVER);
	neighbour_send_waiting(&ndp->neighbours, e);
}

static void answered(struct ndp *ndp, uint64_t now_us, struct neighbour *e, const uint8_t *mac,
		     uint8_t flags)
{
	if (mac == NULL && !neighbour_is_known(e))
		return;
	confirm(ndp, now_us, e, mac, flags);
	bool was_router = e->is_router;
	e->is_router = (flags & NDP_NA_ROUTER) != 0;
	if (was_router && !e->is_router)
		ndp_router_remove(ndp, now_us, &e->addr);
}

uint32_t *ndp_advertisement_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m)
{
	const struct ip_addr target = ndp_msg_target(m->bytes);
	uint8_t flags = m->bytes[4];
	/* RFC 4861 section 7.1.2 */
	if (ipv6_addr_is_group(&target) ||
	    (ipv6_addr_is_group(&m->meta->dst) && (flags & NDP_NA_SOLICITED) != 0))
		return &ndp->stats.bad;
	struct ndp_addr *ours = ndp_addr_find(ndp, &target);
	struct neighbour *e = neighbour_find(&ndp->neighbours, &target);
	if (ours == NULL && e != NULL)
		answered(ndp, now_us, e, m->mac, flags);
	/* Our own words, come back, do not count. */
	if (ours != NULL && (m->mac == NULL || !eth_addr_equal(m->mac, ndp->eth->netif->mac)))
		conflict(ndp, now_us, ours);
	return &ndp->stats.advertisements_in;
}

/* --- ageing ---------------------------------------------------------------------------------- */

static void give_up(struct ndp *ndp, uint64_t now_us, struct neighbour *e)
{
	ndp->stats.failed++;
	ndp_redirect_forget(ndp, &e->addr);
	if (e->state == NEIGHBOUR_PROBE) { /* it may be back already: the next packet asks anew */
		neighbour_forget(&ndp->neighbours, e);
		return;
	}
	neighbour_drop_waiting(&ndp->neighbours, e);
	set_state(ndp, e, NEIGHBOUR_FAILED, now_us + NDP_FAILED_US);
}

/* The time of the entry has come: its next try, or the end of its state. */
static void age(struct ndp *ndp, uint64_t now_us, struct neighbour *e)
{
	if (e->state == NEIGHBOUR_DELAY)
		set_state(ndp, e, NEIGHBOUR_PROBE, TIME_NEVER);
	if (e->state == NEIGHBOUR_REACHABLE)
		set_state(ndp, e, NEIGHBOUR_STALE, TIME_NEVER);
	else if (e->state == NEIGHBOUR_FAILED)
		neighbour_forget(&ndp->neighbours, e);
	else if (e->tries == NDP_TRIES)
		give_up(ndp, now_us, e);
	else
		ask(ndp, now_us, e);
}

uint64_t ndp_resolve_poll(struct ndp *ndp, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++) {
		struct neighbour *e = &ndp->neighbours.entry[i];
		if (e->state != NEIGHBOUR_FREE && now_us >= e->due_us)
			age(ndp, now_us, e);
		if (e->state != NEIGHBOUR_FREE)
			due_us = time_earlier(due_us, e->due_us);
	}
	return due_us;
}
