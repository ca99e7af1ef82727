/* SPDX-License-Identifier: ISC */
#include "net/ipv4/group.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "net/ipv4/ipv4_header.h"
#include "net/ipv4/ipv4_internal.h"

enum {
	ROUTER_ALERT = 148, /* RFC 2113 section 2.1 */
	ROUTER_ALERT_BYTES = 4,
	WITH_ALERT_BYTES = IPV4_HEADER_BYTES + ROUTER_ALERT_BYTES,
	WITH_ALERT = 0x40 | WITH_ALERT_BYTES / 4, /* version, length in words */
	END_OF_LIST = 0,
	NO_OPERATION = 1,
};

/* --- membership ------------------------------------------------------------------------------ */

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

/* --- the Router Alert option ----------------------------------------------------------------- */

enum err ipv4_output_router_alert(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
				  const struct ip_meta *meta)
{
	uint8_t *header = pkt_push_header(p, WITH_ALERT_BYTES);
	ipv4_header_emit(meta, (uint16_t)pkt_bytes(p), header);
	header[0] = WITH_ALERT;
	store_be32(header + IPV4_HEADER_BYTES,
		   (uint32_t)ROUTER_ALERT << 24 | ROUTER_ALERT_BYTES << 16);
	ipv4_header_emit_checksum(header);
	enum err e = ipv4_send(ipv4, now_us, p, ip_addr_v4(&meta->dst));
	if (e == OK)
		ipv4->stats.out++;
	else
		pkt_pop_header(p, WITH_ALERT_BYTES);
	return e;
}

/* Their lengths were checked when the packet arrived (net/ipv4/ipv4_options.h). */
bool ipv4_has_router_alert(const struct pkt *p)
{
	const uint8_t *option = p->buf + p->l3 + IPV4_HEADER_BYTES, *end = p->buf + p->l4;
	while (option + 1 < end && *option != END_OF_LIST && *option != ROUTER_ALERT)
		option += *option == NO_OPERATION ? 1 : MAX(option[1], 1);
	return option + 1 < end && *option == ROUTER_ALERT;
}
