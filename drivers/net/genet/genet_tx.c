/* SPDX-License-Identifier: ISC */
/*
 * Sending: a descriptor for each piece of a packet, the packet itself with the last of them.
 */
#include "drivers/net/genet/genet_internal.h"

void genet_tx_reset(struct genet *g)
{
	/* The index cannot be set: the ring begins where it stands. */
	uint16_t consumed = (uint16_t)genet_read(g, TDMA_CONSUMED);
	uint32_t at = genet_place(consumed) * DMA_WORDS;
	uint32_t ring = DMA_RING(TDMA);

	mac_tx_reset(&g->mac, consumed);
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

void genet_tx_free(struct genet *g, unsigned place)
{
	struct pkt *p = g->tx_pkt[place];

	if (p == NULL)
		return;
	g->tx_pkt[place] = NULL;
	mac_tx_free(p);
}

void genet_tx_reclaim(struct mac *m)
{
	struct genet *g = genet_of(m);
	uint16_t consumed = (uint16_t)genet_read(g, TDMA_CONSUMED);

	if (mac_ahead(consumed, m->tx.done) > mac_ahead(m->tx.published, m->tx.done)) {
		mac_fail(m, "sent more than it was given");
		return;
	}
	for (; m->tx.done != consumed; m->tx.done++)
		genet_tx_free(g, genet_place(m->tx.done));
	mac_tx_wake(m, GENET_RING);
}

static void describe_piece(struct genet *g, const void *data, size_t bytes, uint32_t flags)
{
	dma_sync_for_device(data, bytes, DMA_TO_DEVICE);
	genet_describe(g, TDMA, g->mac.tx.next, data,
		       (uint32_t)bytes << DMA_LENGTH_SHIFT | DMA_TX_QUEUE_TAG | flags);
	g->tx_pkt[genet_place(g->mac.tx.next)] = NULL;
	g->mac.tx.next++;
}

static void describe(struct mac *m, struct pkt *p)
{
	struct genet *g = genet_of(m);

	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		uint32_t flags = i == 0 ? DMA_FIRST | DMA_TX_APPEND_CRC : 0;

		describe_piece(g, s.data, s.len, flags | (i == p->n_pieces ? DMA_LAST : 0));
	}
	g->tx_pkt[genet_place((uint16_t)(g->mac.tx.next - 1))] = p;
}

static void publish_frames(struct mac *m)
{
	dma_write_barrier(); /* the descriptors are written before */
	genet_write(genet_of(m), TDMA_PRODUCED, m->tx.published);
}

static void want_interrupt(struct mac *m)
{
	genet_write(genet_of(m), INTR_MASK_CLEAR, INTR_TX);
}

static const struct mac_sender sender = {
	.ring = GENET_RING,
	.reclaim = genet_tx_reclaim,
	.describe = describe,
	.publish = publish_frames,
	.want_interrupt = want_interrupt,
	.flush = genet_flush,
};

enum err genet_send(struct netif *nif, struct pkt *p)
{
	return mac_send(nif, p, &sender);
}

void genet_flush(struct netif *nif)
{
	mac_flush(nif, &sender);
}
