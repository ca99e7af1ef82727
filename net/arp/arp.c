/* SPDX-License-Identifier: ISC */
#include "net/arp/arp.h"

#include "net/arp/arp_msg.h"

#define LOG_MODULE "arp"
#include "base/attr.h"
#include "base/counter.h"
#include "net/eth/eth_log.h"

/* --- sending --------------------------------------------------------------------------------- */

/* A message from us to `dst`, who is named in a reply. */
static void send_msg(struct arp *arp, uint16_t op, uint32_t sender, uint32_t target,
		     const uint8_t *dst)
{
	const struct arp_msg m = {.op = op,
				  .sender_mac = arp->eth->netif->mac,
				  .target_mac = op == ARP_REPLY ? dst : NULL,
				  .sender = sender,
				  .target = target};
	struct pkt *p = pkt_alloc(arp->tx, PKT_HEADROOM);
	if (ipv4_is_link_local(sender))
		dst = eth_broadcast; /* RFC 3927 section 2.5, so that conflicts are noticed */
	if (p != NULL) {
		arp_msg_emit(&m, pkt_append(p, ARP_MSG_BYTES));
		if (eth_output(arp->eth, p, dst, ETH_TYPE_ARP) == OK) {
			COUNT_AT(op == ARP_REPLY ? COUNTER_AT(arp->stats.replies_out)
						 : COUNTER_AT(arp->stats.requests_out));
			return;
		}
		pkt_put(p);
	}
	COUNT(arp->stats.tx_failed);
}

static void send_request(struct arp *arp, uint32_t sender, uint32_t target, const uint8_t *dst)
{
	send_msg(arp, ARP_REQUEST, sender, target, dst);
}

/* An announcement is a request for one's own address (RFC 5227 section 2.3). */
static void announce(struct arp *arp)
{
	send_request(arp, arp->prefix.addr, arp->prefix.addr, eth_broadcast);
}

static void send_reply(struct arp *arp, const struct arp_msg *request)
{
	send_msg(arp, ARP_REPLY, arp->prefix.addr, request->sender, request->sender_mac);
}

static SELDOM void expect_poll_at(struct arp *arp, uint64_t time_us)
{
	if (time_us >= arp->deadline_us)
		return;
	arp->deadline_us = time_us;
	eth_want_batch(arp->eth); /* whoever polls has slept with the old deadline in mind */
}

static void announce_once(struct arp *arp, uint64_t now_us)
{
	announce(arp);
	arp->announce_us = --arp->announcements_left > 0 ? now_us + ARP_ANNOUNCE_US : TIME_NEVER;
}

/* --- the cache ------------------------------------------------------------------------------- */

static struct neighbour *find(struct arp *arp, uint32_t addr)
{
	const struct ip_addr a = ip_addr_from_v4(addr);
	return neighbour_find(&arp->neighbours, &a);
}

static struct neighbour *create(struct arp *arp, uint64_t now_us, uint32_t addr,
				enum neighbour_rank worst)
{
	const struct ip_addr a = ip_addr_from_v4(addr);
	return neighbour_create(&arp->neighbours, now_us, &a, worst);
}

void arp_set_address(struct arp *arp, uint64_t now_us, struct ipv4_prefix prefix)
{
	if (arp->prefix.addr != prefix.addr || arp->prefix.bits != prefix.bits)
		neighbours_clear(&arp->neighbours);
	arp->prefix = prefix;
	arp->announce_us = TIME_NEVER;
	arp->defend_us = 0;
	arp->contested = false;
	if (prefix.addr == 0)
		return;
	arp->announcements_left = ARP_ANNOUNCEMENTS;
	announce_once(arp, now_us);
	expect_poll_at(arp, arp->announce_us);
}

void arp_probe(struct arp *arp, uint32_t addr)
{
	arp->probed = addr;
	arp->probe_taken = false;
	if (addr != 0) /* from nobody, to reach no cache */
		send_request(arp, 0, addr, eth_broadcast);
}

/* One more request: a known neighbour is asked directly, but everybody the last time. */
static void ask(struct arp *arp, uint64_t now_us, struct neighbour *e)
{
	e->tries++;
	e->due_us = now_us + ARP_RETRY_US;
	bool direct = e->state == NEIGHBOUR_PROBE && e->tries < ARP_TRIES;
	send_request(arp, arp->prefix.addr, ip_addr_v4(&e->addr), direct ? e->mac : eth_broadcast);
	expect_poll_at(arp, e->due_us);
}

/* The neighbour has been heard of: the entry is fresh, and what waited for it goes out. */
static void refresh(struct arp *arp, uint64_t now_us, struct neighbour *e, const uint8_t *mac)
{
	(void)neighbour_set_mac(&arp->neighbours, e, mac);
	e->state = NEIGHBOUR_REACHABLE;
	e->tries = 0;
	e->due_us = now_us + ARP_REACHABLE_US;
	expect_poll_at(arp, e->due_us);
	neighbour_send_waiting(&arp->neighbours, e);
}

enum err arp_output(struct arp *arp, uint64_t now_us, struct pkt *p, uint32_t addr)
{
	struct neighbour *e = find(arp, addr);
	if (UNLIKELY(e == NULL)) {
		e = create(arp, now_us, addr, NEIGHBOUR_RANK_IN_USE);
		e->state = NEIGHBOUR_INCOMPLETE;
		ask(arp, now_us, e);
	}
	e->used_us = now_us;
	if (LIKELY(neighbour_is_known(e)))
		return eth_output(arp->eth, p, e->mac, ETH_TYPE_IPV4);
	if (e->state == NEIGHBOUR_FAILED)
		return ERR_UNREACHABLE;
	neighbour_wait(&arp->neighbours, e, p);
	return OK;
}

uint32_t arp_number(struct arp *arp, uint32_t addr)
{
	struct neighbour *e = find(arp, addr);
	return e != NULL && neighbour_is_known(e) ? neighbour_number(&arp->neighbours, e) : 0;
}

/* --- ageing ---------------------------------------------------------------------------------- */

static void give_up(struct arp *arp, uint64_t now_us, struct neighbour *e)
{
	COUNT(arp->stats.failed);
	if (e->state == NEIGHBOUR_PROBE) { /* it may be back already: the next packet asks anew */
		neighbour_forget(&arp->neighbours, e);
		return;
	}
	neighbour_drop_waiting(&arp->neighbours, e);
	e->state = NEIGHBOUR_FAILED;
	e->due_us = now_us + ARP_FAILED_US;
}

/* The time of the entry has come: its next try, or the end of its state. */
static void age(struct arp *arp, uint64_t now_us, struct neighbour *e)
{
	if (e->state == NEIGHBOUR_REACHABLE && e->used_us != 0 &&
	    e->used_us >= e->due_us - ARP_REACHABLE_US)
		e->state = NEIGHBOUR_PROBE; /* used since it was confirmed */
	if (e->state == NEIGHBOUR_REACHABLE || e->state == NEIGHBOUR_FAILED)
		neighbour_forget(&arp->neighbours, e);
	else if (e->tries == ARP_TRIES)
		give_up(arp, now_us, e);
	else
		ask(arp, now_us, e);
}

uint64_t arp_poll(struct arp *arp, uint64_t now_us)
{
	if (LIKELY(now_us < arp->deadline_us))
		return arp->deadline_us;
	if (now_us >= arp->announce_us)
		announce_once(arp, now_us);
	uint64_t deadline_us = arp->announce_us;
	for (unsigned i = 0; i < ARP_ENTRIES; i++) {
		struct neighbour *e = &arp->neighbours.entry[i];
		if (e->state != NEIGHBOUR_FREE && now_us >= e->due_us)
			age(arp, now_us, e);
		if (e->state != NEIGHBOUR_FREE)
			deadline_us = MIN(deadline_us, e->due_us);
	}
	arp->deadline_us = deadline_us;
	return deadline_us;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Another station uses our address (RFC 5227 section 2.4 (b)): said once, defended now and then. */
static void conflict(struct arp *arp, uint64_t now_us, const struct arp_msg *m)
{
	COUNT(arp->stats.conflicts);
	if (!arp->conflict_said)
		eth_log(LOG_WARN, LOG_MODULE, "%s: another station uses our address: %s",
			arp->eth->netif, m->sender_mac);
	arp->conflict_said = true;
	if (now_us < arp->defend_us) {
		arp->contested = true;
		return;
	}
	arp->defend_us = now_us + ARP_DEFEND_US;
	announce(arp);
}

/*
 * RFC 5227 section 2.1.1: somebody has the probed address, or probes for it himself. The latter is
 * as good as any neighbour's question once it is ours.
 */
static bool is_probed(const struct arp *arp, const struct arp_msg *m)
{
	if (inet_is_minimal || arp->probed == 0)
		return false;
	return m->sender == arp->probed ||
	       (m->sender == 0 && m->op == ARP_REQUEST && m->target == arp->probed &&
		arp->prefix.addr != arp->probed);
}

/* May become an entry: a host of our subnet. */
static bool is_neighbour(const struct arp *arp, uint32_t addr)
{
	uint32_t mask = ipv4_prefix_mask(arp->prefix), host = addr & ~mask;
	if (((addr ^ arp->prefix.addr) & mask) != 0)
		return false;
	return arp->prefix.bits >= 31 || (host != 0 && host != ~mask);
}

/* RFC 826 "Packet Reception". A sender of 0 is a probe (RFC 5227 section 2.1): nobody yet. */
static void handle(struct arp *arp, uint64_t now_us, const struct arp_msg *m)
{
	if (eth_addr_equal(m->sender_mac, arp->eth->netif->mac))
		return; /* our own, come back */
	if (is_probed(arp, m)) {
		COUNT(arp->stats.conflicts);
		arp->probe_taken = true;
		return;
	}
	if (arp->prefix.addr == 0)
		return; /* nobody yet */
	if (!inet_is_minimal && m->sender == arp->prefix.addr) {
		conflict(arp, now_us, m);
		return;
	}
	struct neighbour *e = m->sender != 0 ? find(arp, m->sender) : NULL;
	bool asks_us = m->op == ARP_REQUEST && m->target == arp->prefix.addr;
	if (e == NULL && asks_us && is_neighbour(arp, m->sender)) {
		e = create(arp, now_us, m->sender, NEIGHBOUR_RANK_IDLE);
		if (e == NULL)
			COUNT(arp->stats.not_learnt);
	}
	if (e != NULL)
		refresh(arp, now_us, e, m->sender_mac);
	if (asks_us)
		send_reply(arp, m);
}

static void input(void *self, uint64_t now_us, struct pkt *p, bool group)
{
	struct arp *arp = self;
	struct arp_msg m;
	(void)group;
	if (!arp_msg_parse(&m, p->data, p->len)) {
		COUNT(arp->stats.bad);
	} else {
		if (m.op == ARP_REQUEST)
			COUNT(arp->stats.requests_in);
		else
			COUNT(arp->stats.replies_in);
		handle(arp, now_us, &m);
	}
	pkt_put(p);
}

enum err arp_init(struct arp *arp, struct eth *eth, struct pkt_pool *tx)
{
	*arp = (struct arp){
		.eth = eth, .tx = tx, .deadline_us = TIME_NEVER, .announce_us = TIME_NEVER};
	neighbours_init(&arp->neighbours, eth, ETH_TYPE_IPV4);
	return eth_bind(eth, ETH_TYPE_ARP, input, arp);
}
