/* SPDX-License-Identifier: ISC */
/*
 * Packets out of order: kept sorted and disjoint until the gap before them is filled.
 *
 * They are a favour to the peer, who would otherwise send them again; so they are the first to go
 * when buffers are short, those of the connection that has had a gap the longest before others'.
 */
#include "net/tcp/tcp_internal.h"

#include "base/counter.h"

static struct pkt *pkt_at(struct list *node)
{
	return list_entry(node, struct pkt, node);
}

static uint32_t pkt_end(const struct pkt *p)
{
	return p->user + (uint32_t)pkt_bytes(p);
}

static SELDOM void drop(struct tcp_conn *c, struct pkt *p)
{
	list_remove(&p->node);
	c->rcv.gap_packets--;
	tcp_recv_drop(c, p);
}

/* Forgets the gap if no packet is behind it any more. */
static void settle(struct tcp_conn *c)
{
	if (c->rcv.gap == NULL || c->rcv.gap_packets > 0)
		return;
	list_remove(&c->rcv.gap->node);
	pool_put(&c->tcp->repairs, c->rcv.gap);
	c->rcv.gap = NULL;
}

SELDOM void tcp_gap_purge(struct tcp_conn *c)
{
	if (!tcp_parts.reassembly)
		return;
	while (c->rcv.gap_packets > 0)
		drop(c, pkt_at(c->rcv.gap->packets.next));
	settle(c);
}

/* Whose gap is the oldest; there is one. */
static struct tcp_conn *oldest(const struct tcp *tcp)
{
	return list_entry(tcp->gappy.next, struct tcp_gap, node)->conn;
}

/* It makes way for others. */
static SELDOM void purge_oldest(struct tcp *tcp)
{
	tcp_gap_purge(oldest(tcp));
	COUNT(tcp->stats.out_of_memory);
}

/* Remembers that there is a gap, still without a packet behind it. */
static bool begin(struct tcp_conn *c)
{
	struct tcp *tcp = c->tcp;
	struct tcp_gap *g = pool_get(&tcp->repairs);

	if (g == NULL && !list_empty(&tcp->gappy)) {
		purge_oldest(tcp);
		g = pool_get(&tcp->repairs);
	}
	if (g == NULL)
		return false;
	*g = (struct tcp_gap){.conn = c};
	list_init(&g->packets);
	list_init(&g->node);
	list_push_back(&tcp->gappy, &g->node);
	c->rcv.gap = g;
	return true;
}

/* A quarter of what TCP can have of the pool may be out of order; see may_hold() in recv.c. */
static bool may_hold(const struct tcp_conn *c, const struct pkt *p)
{
	uint32_t all = c->tcp->held + pool_available(&p->pool->pool);
	return c->tcp->held < all / 4;
}

/* The farthest packet is worth the least: whoever comes before it may have its place. */
static bool evict(struct tcp_conn *c, uint32_t seq)
{
	if (c->rcv.gap_packets == 0)
		return false;
	struct pkt *last = pkt_at(c->rcv.gap->packets.prev);
	if (seq_le(last->user, seq))
		return false;
	drop(c, last);
	COUNT(c->tcp->stats.out_of_memory);
	return true;
}

bool tcp_gap_evict(struct tcp_conn *c, uint32_t seq)
{
	if (!tcp_parts.reassembly)
		return false;
	bool gone = evict(c, seq);
	settle(c);
	return gone;
}

static bool make_room(struct tcp_conn *c, const struct tcp_segment *s)
{
	struct tcp *tcp = c->tcp;

	if (c->rcv.packets >= tcp->config->recv_packets && !evict(c, s->seq))
		return false;
	while (!may_hold(c, s->p) && !list_empty(&tcp->gappy)) {
		if (oldest(tcp) == c)
			return evict(c, s->seq);
		purge_oldest(tcp);
	}
	return may_hold(c, s->p);
}

/* The last packet that begins at or before `seq`, or the list's head. */
static struct list *find_before(struct tcp_conn *c, uint32_t seq)
{
	struct list *head = &c->rcv.gap->packets, *at = head->prev;
	while (at != head && seq_gt(pkt_at(at)->user, seq))
		at = at->prev;
	return at;
}

/* Removes from the segment what the packet before it has, and from the list what it covers. */
static void cut_overlaps(struct tcp_conn *c, struct tcp_segment *s, struct list *before)
{
	struct list *head = &c->rcv.gap->packets;

	if (before != head)
		tcp_recv_trim(s, pkt_end(pkt_at(before)));
	while (s->len > 0 && before->next != head) {
		struct pkt *next = pkt_at(before->next);
		if (seq_ge(next->user, s->seq + s->len))
			return;
		if (seq_le(pkt_end(next), s->seq + s->len)) {
			drop(c, next);
			continue;
		}
		s->len = next->user - s->seq;
		pkt_trim(s->p, s->len);
	}
}

/* Where there is a gap already. False: there is no room for the segment. */
static bool insert(struct tcp_conn *c, struct tcp_segment *s)
{
	struct list *before = find_before(c, s->seq);
	struct tcp_range all = {s->seq, s->seq + s->len};

	c->rcv.gap->recent = s->seq;
	cut_overlaps(c, s, before);
	if (s->len == 0) {
		COUNT(c->tcp->stats.duplicates);
		if (tcp_parts.sack)
			c->twice = all;
		return true;
	}
	if (before != &c->rcv.gap->packets && pkt_end(pkt_at(before)) == s->seq &&
	    tcp_recv_coalesce(c, pkt_at(before), s->p, s->len))
		return true;
	if (!make_room(c, s))
		return false;
	s->p->user = s->seq;
	list_insert_between(&s->p->node, before, before->next);
	s->p = NULL;
	c->rcv.gap_packets++;
	c->rcv.packets++;
	c->tcp->held++;
	return true;
}

void tcp_gap_insert(struct tcp_conn *c, struct tcp_segment *s)
{
	COUNT(c->tcp->stats.out_of_order);
	/* RFC 5681 section 4.2: one acknowledgement at once for each, the peer counts them. */
	if (c->rcv.dup_acks < UINT8_MAX)
		c->rcv.dup_acks++;
	c->plain = false;
	if (!tcp_parts.reassembly)
		return;
	if ((c->rcv.gap == NULL && !begin(c)) || !insert(c, s))
		COUNT(c->tcp->stats.out_of_memory);
	settle(c);
}

/*
 * SACK blocks (RFC 2018 section 4): the run that the last segment is in, then the farthest others,
 * which are those that were told last, since segments mostly come in order.
 */
unsigned tcp_gap_blocks(const struct tcp_conn *c, struct tcp_range *out, unsigned max)
{
	const struct list *head = &c->rcv.gap->packets;
	struct list *at = head->prev;
	unsigned n = 1;
	bool first = false;

	while (at != head) {
		struct tcp_range run = {.end = pkt_end(pkt_at(at))};
		do {
			run.start = pkt_at(at)->user;
			at = at->prev;
		} while (at != head && pkt_end(pkt_at(at)) == run.start);
		if (c->rcv.gap->recent - run.start < run.end - run.start) {
			out[0] = run;
			first = true;
		} else if (n < max) {
			out[n++] = run;
		}
	}
	if (!first) /* it found no room, or its gap is filled */
		out[0] = out[--n];
	return n;
}

void tcp_gap_close(struct tcp_conn *c)
{
	while (c->rcv.gap_packets > 0) {
		struct pkt *p = pkt_at(c->rcv.gap->packets.next);
		uint32_t end = pkt_end(p);
		if (seq_gt(p->user, c->rcv.nxt))
			return;
		if (seq_le(end, c->rcv.nxt)) {
			drop(c, p);
			continue;
		}
		tcp_pkt_pull(p, c->rcv.nxt - p->user);
		list_remove(&p->node);
		c->rcv.gap_packets--;
		tcp_recv_append_held(c, p, end - c->rcv.nxt);
		c->rcv.nxt = end;
	}
	settle(c);
}
