/* SPDX-License-Identifier: ISC */
#include "net/fragments/fragmenter.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/fragments/reassembly.h"

/* One datagram on its way out. */
struct cutting {
	struct pkt *whole;
	const struct ip_meta *meta;
	size_t bytes; /* of `whole` */
	size_t step;  /* payload of every fragment but the last, at most */
	uint32_t id;
	struct list ready; /* fragments, in order */
};

/* The device sees fragments only, so it cannot make a checksum over all of them. */
static void finish_checksum(struct pkt *p)
{
	if ((p->flags & PKT_CSUM_PARTIAL) == 0)
		return;
	assert(p->csum_start == 0 && p->csum_offset + 2u <= p->len);
	uint16_t field = csum_fold(pkt_csum(0, p));
	csum_store(p->data + p->csum_offset, field != 0 ? field : UINT16_MAX);
	p->flags &= (uint8_t)~PKT_CSUM_PARTIAL;
}

/* Adds at most `max` bytes of `from`, from `offset` on, as pieces. Returns how many there was room
 * for: eight at least, unless there are fewer. */
static size_t add_range(struct pkt *to, struct pkt *from, size_t offset, size_t max)
{
	size_t added = 0;
	for (unsigned i = 0; i <= from->n_pieces && added < max; i++) {
		struct slice s = pkt_slice(from, i);
		if (offset >= s.len) {
			offset -= s.len;
			continue;
		}
		s.data += offset;
		s.len = MIN(s.len - offset, max - added);
		offset = 0;
		if (!pkt_add_piece(to, s))
			break;
		added += s.len;
	}
	return added;
}

/* A fragment with the payload from `offset` on: how much of it, or 0 without a packet. */
static size_t add_fragment(struct fragmenter *f, struct cutting *c, size_t offset)
{
	struct pkt *p = pkt_alloc(f->tx, PKT_HEADROOM);
	if (p == NULL)
		return 0;
	uint32_t header_bytes = f->family->header_bytes;
	uint8_t *header = pkt_append(p, header_bytes);
	size_t bytes = add_range(p, c->whole, offset, c->step);
	bool more = offset + bytes < c->bytes;
	if (more) { /* offsets count in units of eight bytes; short only where pieces ran out */
		bytes -= bytes % FRAGMENT_UNIT;
		pkt_trim(p, header_bytes + bytes);
	}
	const struct fragment_header h = {.meta = c->meta,
					  .id = c->id,
					  .offset = (uint32_t)offset,
					  .bytes = (uint32_t)bytes,
					  .more = more};
	f->family->emit(&h, header);
	p->l3 = (uint16_t)pkt_headroom(p);
	p->l4 = (uint16_t)(p->l3 + header_bytes);
	list_push_back(&c->ready, &p->node);
	return bytes;
}

static void drop_ready(struct cutting *c)
{
	for (struct list *node; (node = list_pop_front(&c->ready)) != NULL;)
		pkt_put(list_entry(node, struct pkt, node));
}

static bool build(struct fragmenter *f, struct cutting *c)
{
	size_t count = (c->bytes + c->step - 1) / c->step;
	if (pool_available(&f->tx->pool) < count + f->tx->pool.count / 4)
		return false;
	for (size_t at = 0, n; at < c->bytes; at += n) {
		n = add_fragment(f, c, at);
		if (n == 0)
			return false;
	}
	return true;
}

/* OK once the first is sent: others then read the datagram's bytes, so it cannot go back. */
static enum err send_ready(struct fragmenter *f, struct cutting *c, uint64_t now_us,
			   const void *hop)
{
	bool first = true;
	for (struct list *node; (node = list_pop_front(&c->ready)) != NULL; first = false) {
		struct pkt *p = list_entry(node, struct pkt, node);
		enum err e = f->family->send(f->network, now_us, p, hop);
		if (e == OK) {
			f->stats.fragments++;
			continue;
		}
		pkt_put(p);
		if (first)
			return e;
		f->stats.cut_short++;
		return OK;
	}
	return OK;
}

enum err fragmenter_output(struct fragmenter *f, uint64_t now_us, struct pkt *p,
			   const struct ip_meta *meta, uint32_t mtu, const void *hop)
{
	size_t room = mtu - (size_t)f->family->header_bytes;
	struct cutting c = {.whole = p,
			    .meta = meta,
			    .bytes = pkt_bytes(p),
			    .step = room - room % FRAGMENT_UNIT};
	enum err e = rng_read(f->rng, &c.id, sizeof(c.id));
	if (e != OK) {
		f->stats.no_id++;
		return e;
	}
	list_init(&c.ready);
	finish_checksum(p);
	bool built = build(f, &c);
	f->stats.no_packets += !built;
	e = built ? send_ready(f, &c, now_us, hop) : ERR_NOMEM;
	drop_ready(&c); /* those that were not sent */
	if (e != OK)
		return e;
	pkt_put(p);
	f->stats.datagrams++;
	return OK;
}
