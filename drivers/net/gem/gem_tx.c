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
};

static uint32_t tx_wrap(unsigned place)
{
	return place == GEM_RING - 1 ? GEM_TX_WRAP : 0;
}

void gem_tx_reset(struct gem *g)
{
	for (unsigned i = 0; i < GEM_RING; i++)
		g->rings.tx[i] = (struct gem_descriptor){.control = GEM_TX_USED | tx_wrap(i)};
	mac_tx_reset(&g->mac, 0);
}

/* Takes the frame that is next to be sent back from the controller. */
static void free_next(struct gem *g)
{
	struct pkt **place = &g->tx_pkt[gem_place(g->mac.tx.done)];
	struct pkt *p = *place;

	*place = NULL;
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		unsigned n = gem_place(g->mac.tx.done++);

		gem_set_word(&g->rings.tx[n].control, GEM_TX_USED | tx_wrap(n));
	}
	mac_tx_free(p);
}

void gem_tx_free(struct gem *g)
{
	while (mac_tx_in_flight(&g->mac) > 0)
		free_next(g);
}

void gem_tx_reclaim(struct mac *m)
{
	struct gem *g = gem_of(m);

	while (mac_tx_in_flight(m) > 0) {
		uint32_t control = gem_word(&g->rings.tx[gem_place(m->tx.done)].control);

		if ((control & GEM_TX_USED) == 0)
			break;
		if ((control & GEM_TX_ERRORS) != 0) /* after which it does not go on */
			mac_fail(m, "could not send a frame");
		free_next(g);
	}
	mac_tx_wake(m, GEM_RING);
}

void gem_tx_kick(struct gem *g)
{
	const struct mac_tx *tx = &g->mac.tx;

	if (mac_tx_in_flight(&g->mac) == 0 || tx->published != tx->next ||
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
		unsigned n = gem_place((uint16_t)(g->mac.tx.next + i));
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
	g->tx_pkt[gem_place(g->mac.tx.next)] = p;
	g->mac.tx.next = (uint16_t)(g->mac.tx.next + p->n_pieces + 1);
}

static void send_next(struct mac *m, struct pkt *p)
{
	prepare_checksum(p);
	describe(gem_of(m), p);
}

static void publish(struct mac *m)
{
	const struct gem *g = gem_of(m);

	dma_write_barrier(); /* the descriptors are written before */
	gem_write(g, GEM_CONTROL, g->control | GEM_CONTROL_TX_START);
}

static void want_interrupt(struct mac *m)
{
	gem_write(gem_of(m), GEM_INTR_ENABLE, GEM_INTR_TX);
}

static const struct mac_sender sender = {
	.ring = GEM_RING,
	.reclaim = gem_tx_reclaim,
	.describe = send_next,
	.publish = publish,
	.want_interrupt = want_interrupt,
	.flush = gem_flush,
};

enum err gem_send(struct netif *nif, struct pkt *p)
{
	return mac_send(nif, p, &sender);
}

void gem_flush(struct netif *nif)
{
	mac_flush(nif, &sender);
}
