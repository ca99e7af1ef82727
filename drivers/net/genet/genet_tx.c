/* SPDX-License-Identifier: ISC */
/*
 * Sending: a descriptor for each piece of a packet, the packet itself with the last of them.
 */
#include "drivers/net/genet/genet_internal.h"

enum {
	/*
	 * So many packets may wait unfreed, without an interrupt, for something else to happen:
	 * more could be all that a sender has, who would then wait for them for ever.
	 */
	TX_LAZY = 8,
};

void genet_tx_reset(struct genet *g)
{
	/* The index cannot be set: the ring begins where it stands. */
	uint16_t consumed = (uint16_t)genet_read(g, TDMA_CONSUMED);
	uint32_t at = genet_place(consumed) * DMA_WORDS;
	uint32_t ring = DMA_RING(TDMA);

	g->tx.done = g->tx.next = g->tx_published = consumed;
	g->tx_blocked = false;
	genet_write(g, ring + DMA_RING_START, 0);
	genet_write(g, ring + DMA_RING_START_HIGH, 0);
	genet_write(g, ring + DMA_RING_END, GENET_RING * DMA_WORDS - 1);
	genet_write(g, ring + DMA_RING_END_HIGH, 0);
	genet_write(g, ring + DMA_RING_SIZE, GENET_RING << DMA_RING_SIZE_SHIFT | GENET_RX_BYTES);
	genet_write(g, ring + DMA_RING_DONE_LIMIT, 1);
	genet_write(g, TDMA_FLOW, 0);
	genet_write(g, TDMA_READ_POINTER, at);
	genet_write(g, TDMA_READ_POINTER_HIGH, 0);
	genet_write(g, TDMA_WRITE_POINTER, at);
	genet_write(g, TDMA_WRITE_POINTER_HIGH, 0);
	genet_write(g, TDMA_PRODUCED, consumed);
}

static uint16_t in_flight(const struct genet *g)
{
	return genet_ahead(g->tx.next, g->tx.done);
}

bool genet_tx_wants_interrupt(const struct genet *g)
{
	return g->tx_blocked || in_flight(g) >= TX_LAZY;
}

void genet_tx_free(struct genet *g, unsigned place)
{
	struct pkt *p = g->tx.pkt[place];

	if (p == NULL)
		return;
	g->tx.pkt[place] = NULL;
	for (unsigned i = 0; i <= p->n_pieces; i++)
		dma_sync_for_cpu(pkt_slice(p, i).data, pkt_slice(p, i).len, DMA_TO_DEVICE);
	pkt_put(p);
}

void genet_tx_reclaim(struct genet *g)
{
	uint16_t consumed = (uint16_t)genet_read(g, TDMA_CONSUMED);

	if (genet_ahead(consumed, g->tx.done) > genet_ahead(g->tx_published, g->tx.done)) {
		genet_fail(g, "sent more than it was given");
		return;
	}
	for (; g->tx.done != consumed; g->tx.done++)
		genet_tx_free(g, genet_place(g->tx.done));
	if (g->tx_blocked && in_flight(g) <= GENET_RING / 2) {
		g->tx_blocked = false;
		waker_wake(&g->nif.tx);
	}
}

static void describe_piece(struct genet *g, const void *data, size_t bytes, uint32_t flags)
{
	dma_sync_for_device(data, bytes, DMA_TO_DEVICE);
	genet_describe(g, TDMA, g->tx.next, data,
		       (uint32_t)bytes << DMA_LENGTH_SHIFT | DMA_TX_QUEUE_TAG | flags);
	g->tx.pkt[genet_place(g->tx.next)] = NULL;
	g->tx.next++;
}

static void describe(struct genet *g, struct pkt *p)
{
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		uint32_t flags = i == 0 ? DMA_FIRST | DMA_TX_APPEND_CRC : 0;

		describe_piece(g, s.data, s.len, flags | (i == p->n_pieces ? DMA_LAST : 0));
	}
	g->tx.pkt[genet_place((uint16_t)(g->tx.next - 1))] = p;
}

/* One descriptor stays free, as a full ring would look like an empty one to some. */
static bool has_room(const struct genet *g, const struct pkt *p)
{
	return GENET_RING - in_flight(g) > p->n_pieces + 1;
}

enum err genet_send(struct netif *nif, struct pkt *p)
{
	struct genet *g = genet_of(nif);
	size_t bytes = pkt_bytes(p);

	if (!g->running)
		return ERR_IO;
	if (p->len < ETH_HEADER_BYTES || bytes > genet_frame_max(g)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	if (!nif->link_up) {
		nif->stats.tx_errors++;
		pkt_put(p);
		return OK;
	}
	if (!has_room(g, p)) {
		genet_flush(nif);
		genet_tx_reclaim(g);
	}
	if (!has_room(g, p)) {
		nif->stats.tx_full++;
		g->tx_blocked = true;
		if (g->armed)
			genet_write(g, INTR_MASK_CLEAR, INTR_TX);
		return ERR_AGAIN;
	}
	describe(g, p);
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	return OK;
}

void genet_flush(struct netif *nif)
{
	struct genet *g = genet_of(nif);

	if (!g->running || g->tx_published == g->tx.next)
		return;
	g->tx_published = g->tx.next;
	dma_write_barrier(); /* the descriptors are written before */
	genet_write(g, TDMA_PRODUCED, g->tx_published);
	if (g->armed && genet_tx_wants_interrupt(g))
		genet_write(g, INTR_MASK_CLEAR, INTR_TX);
}
