/* SPDX-License-Identifier: ISC */
#include "net/ipv4/group.h"

#include "base/assert.h"

/* The index of a group, or n. */
static unsigned find(const struct ipv4_groups *g, uint32_t addr)
{
	unsigned i = 0;
	while (i < g->n && g->group[i].addr != addr)
		i++;
	return i;
}

static void tell(struct ipv4_groups *g, uint64_t now_us, uint32_t addr, bool joined)
{
	if (g->changed != NULL)
		g->changed(g->changed_self, now_us, addr, joined);
}

/* The first to join: an entry, and the frames. */
static enum err add(struct ipv4_groups *g, uint64_t now_us, uint32_t addr)
{
	uint8_t mac[ETH_ADDR_BYTES];
	if (g->n == IPV4_GROUPS_MAX)
		return ERR_NOMEM;
	ipv4_group_mac(addr, mac);
	enum err e = eth_join(g->ipv4->eth, mac);
	if (e != OK)
		return e;
	g->group[g->n++] = (struct ipv4_group){.addr = addr, .users = 1};
	tell(g, now_us, addr, true);
	return OK;
}

/* Everybody belongs to the group of all hosts, without an entry. */
static enum err join(void *self, uint64_t now_us, uint32_t addr)
{
	struct ipv4_groups *g = self;
	if (addr == IPV4_ALL_HOSTS)
		return OK;
	unsigned i = find(g, addr);
	if (i == g->n)
		return add(g, now_us, addr);
	g->group[i].users++;
	return OK;
}

static void leave(void *self, uint64_t now_us, uint32_t addr)
{
	struct ipv4_groups *g = self;
	uint8_t mac[ETH_ADDR_BYTES];
	if (addr == IPV4_ALL_HOSTS)
		return;
	unsigned i = find(g, addr);
	assert(i < g->n);
	if (--g->group[i].users > 0)
		return;
	g->group[i] = g->group[--g->n];
	ipv4_group_mac(addr, mac);
	eth_leave(g->ipv4->eth, mac);
	tell(g, now_us, addr, false);
}

static bool is_member(const void *self, uint32_t addr)
{
	const struct ipv4_groups *g = self;
	return find(g, addr) < g->n;
}

void ipv4_groups_init(struct ipv4_groups *groups, struct ipv4 *ipv4)
{
	static const struct ipv4_membership membership = {
		.join = join,
		.leave = leave,
		.is_member = is_member,
	};
	*groups = (struct ipv4_groups){.ipv4 = ipv4};
	ipv4->membership = &membership;
	ipv4->membership_self = groups;
}

void ipv4_groups_watch(struct ipv4_groups *groups, ipv4_group_changed_fn *changed, void *self)
{
	groups->changed = changed;
	groups->changed_self = self;
}
