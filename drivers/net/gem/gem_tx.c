/* SPDX-License-Identifier: ISC */
/*
 * Sending: a descriptor for each piece of a packet, the packet itself with the first of them, which
 * alone the controller marks as used when it has sent the frame. All others that are not in use are
 * marked so by us: there it stops.
 */
#include "base/bytes.h"
#include "base/checksum.h"
#include "drivers/net/gem/gem_internal.h"

enum {
	ETHERTYPE = 12, /* offset in the frame */
	ETHERTYPE_IPV4 = 0x0800,
	/*
	 * So many packets may wait unfreed, without an interrupt, for something else to happen:
	 * more could be all that a sender has, who would then wait for them for ever.
	 */
	TX_LAZY = 8,
};

static uint32_t tx_wrap(unsigned place)
{
	return place == GEM_RING - 1 ? GEM_TX_WRAP : 0;
}

void gem_tx_reset(struct gem *g)
{
	for (unsigned i = 0; i < GEM_RING; i++)
		g->rings.tx[i] = (struct gem_descriptor){.control = GEM_TX_USED | tx_wrap(i)};
	g->tx.done = g->tx.next = 0;
	g->tx_blocked = g->tx_unflushed = false;
}

static uint16_t in_flight(const struct gem *g)
{
	return gem_ahead(g->tx.next, g->tx.done);
}

bool gem_tx_wants_interrupt(const struct gem *g)
{
	return g->tx_blocked || in_flight(g) >= TX_LAZY;
}

/* Takes the frame that is next to be sent back from the controller. */
static void free_next(struct gem *g)
{
	struct pkt **place = &g->tx.pkt[gem_place(g->tx.done)];
	struct pkt *p = *place;

	*place = NULL;
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		unsigned n = gem_place(g->tx.done++);

		gem_set_word(&g->rings.tx[n].control, GEM_TX_USED | tx_wrap(n));
		dma_sync_for_cpu(s.data, s.len, DMA_TO_DEVICE);
	}
	pkt_put(p);
}

void gem_tx_free(struct gem *g)
{
	while (g->tx.done != g->tx.next)
		free_next(g);
}

void gem_tx_reclaim(struct gem *g)
{
	while (g->tx.done != g->tx.next) {
		unsigned n = gem_place(g->tx.done);
		uint32_t control = gem_word(&g->rings.tx[n].control);

		if ((control & GEM_TX_USED) == 0)
			break;
		if ((control & GEM_TX_ERRORS) != 0) /* after which it does not go on */
			gem_fail(g, "could not send a frame");
		free_next(g);
	}
	if (g->tx_blocked && in_flight(g) <= GEM_RING / 2) {
		g->tx_blocked = false;
		waker_wake(&g->nif.tx);
	}
}

void gem_tx_kick(struct gem *g)
{
	if (in_flight(g) == 0 || g->tx_unflushed ||
	    (gem_read(g, GEM_TX_STATUS) & GEM_TX_STATUS_GOING) != 0)
		return;
	gem_write(g, GEM_CONTROL, g->control | GEM_CONTROL_TX_START);
}

/* The sum of everything from csum_start on, pieces included. */
static uint32_t sum_of(const struct pkt *p)
{
	uint32_t sum = csum_add(0, p->data + p->csum_start, p->len - p->csum_start);
	size_t before = p->len - p->csum_start;

	for (unsigned i = 0; i < p->n_pieces; i++) {
		const struct slice *s = &p->piece[i];

		sum = before % 2 == 0 ? csum_add(sum, s->data, s->len)
				      : csum_add_odd(sum, s->data, s->len);
		before += s->len;
	}
	return sum;
}

/*
 * The controller fills the checksum in if the field has none. Of IPv6 that is written here: over
 * it the controller may write the same.
 */
static void prepare_checksum(struct pkt *p)
{
	uint8_t *field = p->data + p->csum_start + p->csum_offset;
	uint16_t sum = 0;

	if ((p->flags & PKT_CSUM_PARTIAL) == 0)
		return;
	assert((size_t)p->csum_start + p->csum_offset + sizeof(sum) <= p->len);
	if (load_be16(p->data + ETHERTYPE) != ETHERTYPE_IPV4) {
		sum = csum_fold(sum_of(p));
		if (sum == 0) /* which of UDP says that there is none (RFC 8200, section 8.1) */
			sum = UINT16_MAX;
	}
	csum_store(field, sum);
	p->flags &= (uint8_t)~PKT_CSUM_PARTIAL;
}

/* The first descriptor comes last: with it the whole frame is the controller's. */
static void describe(struct gem *g, struct pkt *p)
{
	for (unsigned i = p->n_pieces + 1u; i-- > 0;) {
		struct slice s = pkt_slice(p, i);
		unsigned n = gem_place((uint16_t)(g->tx.next + i));
		struct gem_descriptor *d = &g->rings.tx[n];
		uint64_t address = (uintptr_t)s.data;
		uint32_t control = (uint32_t)s.len | tx_wrap(n);

		if (i == p->n_pieces)
			control |= GEM_TX_LAST;
		dma_sync_for_device(s.data, s.len, DMA_TO_DEVICE);
		gem_set_word(&d->address, (uint32_t)address);
		gem_set_word(&d->address_high, (uint32_t)(address >> 32));
		dma_write_barrier(); /* it is whole before it is the controller's */
		gem_set_word(&d->control, control);
	}
	g->tx.pkt[gem_place(g->tx.next)] = p;
	g->tx.next = (uint16_t)(g->tx.next + p->n_pieces + 1);
	g->tx_unflushed = true;
}

/* One descriptor stays free: the controller stops there. */
static bool has_room(const struct gem *g, const struct pkt *p)
{
	return GEM_RING - in_flight(g) > p->n_pieces + 1;
}

enum err gem_send(struct netif *nif, struct pkt *p)
{
	struct gem *g = gem_of(nif);
	size_t bytes = pkt_bytes(p);

	if (!g->running)
		return ERR_IO;
	if (p->len < ETH_HEADER_BYTES || bytes > gem_frame_max(g)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	if (!nif->link_up) {
		nif->stats.tx_errors++;
		pkt_put(p);
		return OK;
	}
	if (!has_room(g, p)) {
		gem_flush(nif);
		gem_tx_reclaim(g);
	}
	if (!has_room(g, p)) {
		nif->stats.tx_full++;
		g->tx_blocked = true;
		if (g->armed)
			gem_write(g, GEM_INTR_ENABLE, GEM_INTR_TX);
		return ERR_AGAIN;
	}
	prepare_checksum(p);
	describe(g, p);
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	return OK;
}

void gem_flush(struct netif *nif)
{
	struct gem *g = gem_of(nif);

	if (!g->running || !g->tx_unflushed)
		return;
	g->tx_unflushed = false;
	dma_write_barrier(); /* the descriptors are written before */
	gem_write(g, GEM_CONTROL, g->control | GEM_CONTROL_TX_START);
	if (g->armed && gem_tx_wants_interrupt(g))
		gem_write(g, GEM_INTR_ENABLE, GEM_INTR_TX);
}
