/* SPDX-License-Identifier: ISC */
#include "net/neighbour/neighbour.h"

#include "base/counter.h"

SELDOM void neighbours_init(struct neighbours *n, struct eth *eth, uint16_t eth_type)
{
	*n = (struct neighbours){.eth = eth, .eth_type = eth_type};
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++)
		list_init(&n->entry[i].waiting);
}

/* --- the table ------------------------------------------------------------------------------- */

/* Never 0, which marks free entries. Neighbours differ in the last word, as a rule. */
static uint32_t tag_of(const struct ip_addr *addr)
{
	uint32_t tag = 0;
	for (unsigned i = 0; i < INET_WORDS; i++)
		tag ^= addr->word[i];
	return tag != 0 ? tag : 1;
}

static bool is_at(const struct neighbours *n, unsigned i, uint32_t tag, const struct ip_addr *addr)
{
	if (INET_WORDS == 1)
		return addr->word[0] != 0 && n->entry[i].addr.word[0] == addr->word[0];
	return n->tag[i] == tag && ip_addr_equal(&n->entry[i].addr, addr);
}

struct neighbour *neighbour_find(struct neighbours *n, const struct ip_addr *addr)
{
	uint32_t tag = tag_of(addr);
	if (is_at(n, n->last, tag, addr))
		return &n->entry[n->last];
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++) {
		if (is_at(n, i, tag, addr)) {
			n->last = (uint16_t)i;
			return &n->entry[i];
		}
	}
	return NULL;
}

static enum neighbour_rank rank_of(const struct neighbour *e, uint64_t now_us)
{
	switch ((enum neighbour_state)e->state) {
	case NEIGHBOUR_FREE:
		return NEIGHBOUR_RANK_FREE;
	case NEIGHBOUR_INCOMPLETE:
		return NEIGHBOUR_RANK_PENDING;
	case NEIGHBOUR_FAILED:
		return NEIGHBOUR_RANK_IDLE;
	default:
		break;
	}
	bool used = e->used_us != 0 && now_us - e->used_us < NEIGHBOUR_IN_USE_US;
	return used ? NEIGHBOUR_RANK_IN_USE : NEIGHBOUR_RANK_IDLE;
}

/* What is missed least, and not more than `worst`; or NULL. */
static struct neighbour *find_victim(struct neighbours *n, uint64_t now_us,
				     enum neighbour_rank worst)
{
	struct neighbour *victim = NULL;
	enum neighbour_rank victim_rank = worst;
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++) {
		struct neighbour *e = &n->entry[i];
		enum neighbour_rank rank = rank_of(e, now_us);
		if (rank < victim_rank ||
		    (rank == victim_rank && (victim == NULL || e->used_us < victim->used_us))) {
			victim = e;
			victim_rank = rank;
		}
	}
	return victim;
}

/* The last digits are its index; those before are not 0. They come again after 2^27 numbers. */
uint32_t neighbour_number(struct neighbours *n, struct neighbour *e)
{
	if (e->number == 0) {
		if (++n->numbered > UINT32_MAX / NEIGHBOURS_MAX)
			n->numbered = 1;
		e->number = n->numbered * NEIGHBOURS_MAX + (uint32_t)(e - n->entry);
	}
	return e->number;
}

void neighbours_renumber(struct neighbours *n)
{
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++)
		n->entry[i].number = 0;
}

struct neighbour *neighbour_create(struct neighbours *n, uint64_t now_us,
				   const struct ip_addr *addr, enum neighbour_rank worst)
{
	struct neighbour *e = find_victim(n, now_us, worst);
	if (e == NULL)
		return NULL;
	if (e->state != NEIGHBOUR_FREE)
		COUNT(n->stats.evicted);
	neighbour_forget(n, e);
	e->addr = *addr;
	if (INET_WORDS > 1)
		n->tag[e - n->entry] = tag_of(addr);
	return e;
}

void neighbour_forget(struct neighbours *n, struct neighbour *e)
{
	neighbour_drop_waiting(n, e);
	if (INET_WORDS > 1)
		n->tag[e - n->entry] = 0;
	*e = (struct neighbour){.due_us = TIME_NEVER};
	list_init(&e->waiting);
}

void neighbours_clear(struct neighbours *n)
{
	for (unsigned i = 0; i < NEIGHBOURS_MAX; i++)
		neighbour_forget(n, &n->entry[i]);
}

bool neighbour_set_mac(struct neighbours *n, struct neighbour *e, const uint8_t *mac)
{
	bool moved = neighbour_is_known(e) && !eth_addr_equal(e->mac, mac);
	COUNT_BY(n->stats.moved, moved);
	memcpy(e->mac, mac, ETH_ADDR_BYTES);
	return moved;
}

/* --- packets that wait ----------------------------------------------------------------------- */

/* The packet that has waited the longest, or NULL. */
static struct pkt *take_waiting(struct neighbours *n, struct neighbour *e)
{
	struct list *node = list_pop_front(&e->waiting);
	if (node == NULL)
		return NULL;
	n->waiting--;
	return list_entry(node, struct pkt, node);
}

static SELDOM bool drop_oldest(struct neighbours *n, struct neighbour *e)
{
	struct pkt *p = take_waiting(n, e);
	if (p == NULL)
		return false;
	COUNT(n->stats.dropped);
	pkt_put(p);
	return true;
}

/* When many wait already, it takes the place of an older one for the same neighbour. */
SELDOM void neighbour_wait(struct neighbours *n, struct neighbour *e, struct pkt *p)
{
	if (n->waiting >= NEIGHBOUR_WAITING_MAX)
		(void)drop_oldest(n, e);
	list_push_back(&e->waiting, &p->node);
	n->waiting++;
}

void neighbour_send_waiting(struct neighbours *n, struct neighbour *e)
{
	for (struct pkt *p; (p = take_waiting(n, e)) != NULL;) {
		if (eth_output(n->eth, p, e->mac, n->eth_type) == OK)
			continue;
		COUNT(n->stats.dropped);
		pkt_put(p);
	}
}

void neighbour_drop_waiting(struct neighbours *n, struct neighbour *e)
{
	while (drop_oldest(n, e))
		;
}
