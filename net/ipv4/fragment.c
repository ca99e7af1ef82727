/* SPDX-License-Identifier: ISC */
#include "net/ipv4/fragment.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ipv4/ipv4_header.h"
#include "net/ipv4/ipv4_internal.h"

/* One datagram on its way out. */
struct cutting {
	struct pkt *whole;
	const struct ip_meta *meta;
	size_t bytes; /* of `whole` */
	size_t step;  /* payload of every fragment but the last, at most */
	uint16_t id;
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
static size_t add_fragment(struct ipv4_fragmenter *f, struct cutting *c, size_t offset)
{
	struct pkt *p = pkt_alloc(f->tx, PKT_HEADROOM);
	if (p == NULL)
		return 0;
	uint8_t *header = pkt_append(p, IPV4_HEADER_BYTES);
	size_t bytes = add_range(p, c->whole, offset, c->step);
	bool more = offset + bytes < c->bytes;
	if (more) { /* offsets count in units of eight bytes; short only where pieces ran out */
		bytes -= bytes % IPV4_FRAGMENT_UNIT;
		pkt_trim(p, IPV4_HEADER_BYTES + bytes);
	}
	ipv4_header_emit(c->meta, (uint16_t)(IPV4_HEADER_BYTES + bytes), header);
	store_be16(header + 4, c->id);
	store_be16(header + 6, ipv4_fragment_field((uint32_t)offset, more));
	ipv4_header_emit_checksum(header);
	p->l3 = (uint16_t)pkt_headroom(p);
	p->l4 = (uint16_t)(p->l3 + IPV4_HEADER_BYTES);
	list_push_back(&c->ready, &p->node);
	return bytes;
}

static void drop_ready(struct cutting *c)
{
	for (struct list *node; (node = list_pop_front(&c->ready)) != NULL;)
		pkt_put(list_entry(node, struct pkt, node));
}

static bool build(struct ipv4_fragmenter *f, struct cutting *c)
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
static enum err send_ready(struct ipv4_fragmenter *f, struct cutting *c, uint64_t now_us,
			   uint32_t hop)
{
	bool first = true;
	for (struct list *node; (node = list_pop_front(&c->ready)) != NULL; first = false) {
		struct pkt *p = list_entry(node, struct pkt, node);
		enum err e = ipv4_send(f->ipv4, now_us, p, hop);
		if (e == OK) {
			f->stats.fragments++;
			continue;
		}
		pkt_put(p);
		drop_ready(c);
		if (first)
			return e;
		f->stats.cut_short++;
		return OK;
	}
	return OK;
}

static enum err output(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		       uint32_t hop)
{
	struct ipv4_fragmenter *f = self;
	size_t room = f->ipv4->eth->netif->mtu - (size_t)IPV4_HEADER_BYTES;
	struct cutting c = {.whole = p,
			    .meta = meta,
			    .bytes = pkt_bytes(p),
			    .step = room - room % IPV4_FRAGMENT_UNIT};
	enum err e = rng_read(f->rng, &c.id, sizeof(c.id));
	if (e != OK) {
		f->stats.no_id++;
		return e;
	}
	list_init(&c.ready);
	finish_checksum(p);
	if (!build(f, &c)) {
		drop_ready(&c);
		f->stats.no_packets++;
		return ERR_NOMEM;
	}
	e = send_ready(f, &c, now_us, hop);
	if (e != OK)
		return e;
	pkt_put(p);
	f->stats.datagrams++;
	f->ipv4->stats.out++;
	return OK;
}

void ipv4_fragmenter_init(struct ipv4_fragmenter *f, struct ipv4 *ipv4, struct pkt_pool *tx,
			  struct rng *rng)
{
	*f = (struct ipv4_fragmenter){.ipv4 = ipv4, .tx = tx, .rng = rng};
	ipv4->fragment = output;
	ipv4->fragment_self = f;
}
