/* SPDX-License-Identifier: ISC */
/*
 * Our addresses: their identifiers (RFC 7217), groups and lifetimes (RFC 4862 section 5.5.4).
 */
#include "net/ndp/ndp_internal.h"

const struct ndp_addr *ndp_address(const struct ndp *ndp, const struct ip_addr *addr,
				   enum ndp_addr_state state)
{
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &ndp->addr[i];
		if (a->state >= state && ip_addr_equal(&a->addr, addr))
			return a;
	}
	return NULL;
}

struct ndp_addr *ndp_addr_find(struct ndp *ndp, const struct ip_addr *addr)
{
	return (struct ndp_addr *)ndp_address(ndp, addr, NDP_ADDR_DUPLICATE);
}

struct ndp_addr *ndp_addr_place(struct ndp *ndp)
{
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		if (ndp->addr[i].state == NDP_ADDR_FREE)
			return &ndp->addr[i];
	}
	return NULL;
}

/* --- identifiers ----------------------------------------------------------------------------- */

/* RFC 5453: of subnet routers, of Ethernet multicast under one vendor, of anycast groups. */
static bool is_reserved(uint64_t id)
{
	return id == 0 || id >> 24 == UINT64_C(0x02005efffe) ||
	       id >> 7 == UINT64_C(0xfdffffffffffff80) >> 7;
}

/*
 * F(Prefix, Net_Iface, Network_ID, DAD_Counter, secret_key) of RFC 7217 section 5: the interface is
 * named by its Ethernet address; there is no name of the network.
 */
void ndp_addr_generate(const struct ndp *ndp, struct ndp_addr *a, const struct ip_addr *prefix)
{
	uint64_t words[3] = {0}, id;
	memcpy(&words[0], prefix, sizeof(words[0]));
	memcpy(&words[1], ndp->eth->netif->mac, ETH_ADDR_BYTES);
	words[2] = a->conflicts;
	for (;; words[2] += UINT64_C(1) << 32) {
		id = siphash_2_4(&ndp->stable_key, words, 3);
		if (!is_reserved(id))
			break;
	}
	a->addr = *prefix;
	store_be32(&a->addr.word[2], (uint32_t)(id >> 32));
	store_be32(&a->addr.word[3], (uint32_t)id);
}

/* --- groups ---------------------------------------------------------------------------------- */

/* Addresses with the same last three bytes share a group; MLD hears of it once. */
static unsigned members(const struct ndp *ndp, const struct ip_addr *group)
{
	unsigned n = 0;
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &ndp->addr[i];
		const struct ip_addr of = ipv6_solicited_node(&a->addr);
		n += a->state >= NDP_ADDR_TENTATIVE && ip_addr_equal(&of, group);
	}
	return n;
}

static void tell_group(const struct ndp *ndp, uint64_t now_us, const struct ip_addr *group,
		       bool joined)
{
	if (ndp->group != NULL)
		ndp->group(ndp->group_self, now_us, group, joined);
}

enum err ndp_addr_join(struct ndp *ndp, uint64_t now_us, const struct ndp_addr *a)
{
	const struct ip_addr group = ipv6_solicited_node(&a->addr);
	bool is_first = members(ndp, &group) == 0;
	enum err e = eth_join_group(ndp->eth, &group);
	if (e == OK && is_first)
		tell_group(ndp, now_us, &group, true);
	return e;
}

void ndp_addr_leave(struct ndp *ndp, uint64_t now_us, const struct ndp_addr *a)
{
	const struct ip_addr group = ipv6_solicited_node(&a->addr);
	eth_leave_group(ndp->eth, &group);
	if (members(ndp, &group) == 0)
		tell_group(ndp, now_us, &group, false);
}

bool ndp_is_member(const struct ndp *ndp, const struct ip_addr *group)
{
	return ip_addr_equal(group, &ipv6_all_nodes) || members(ndp, group) > 0;
}

void ndp_watch_groups(struct ndp *ndp, uint64_t now_us, ndp_group_fn *fn, void *self)
{
	ndp->group = fn;
	ndp->group_self = self;
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &ndp->addr[i];
		const struct ip_addr group = ipv6_solicited_node(&a->addr);
		if (a->state >= NDP_ADDR_TENTATIVE)
			fn(self, now_us, &group, true);
	}
}

/* --- time ------------------------------------------------------------------------------------ */

static void expire(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	bool is_member = a->state >= NDP_ADDR_TENTATIVE;
	a->state = NDP_ADDR_FREE;
	if (is_member)
		ndp_addr_leave(ndp, now_us, a);
	ndp_log(ndp->eth, LOG_INFO, "%s: %s has run out", &a->addr, 0);
	ndp_tell(ndp, now_us);
}

uint64_t ndp_addr_poll(struct ndp *ndp, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		struct ndp_addr *a = &ndp->addr[i];
		if (a->state == NDP_ADDR_FREE)
			continue;
		if (now_us >= a->valid_us) {
			expire(ndp, now_us, a);
			continue;
		}
		if (now_us >= a->due_us)
			ndp_dad_step(ndp, now_us, a);
		a->deprecated = now_us >= a->preferred_us;
		due_us = time_earlier(due_us, time_earlier(a->due_us, a->valid_us));
		if (!a->deprecated)
			due_us = time_earlier(due_us, a->preferred_us);
	}
	return due_us;
}
