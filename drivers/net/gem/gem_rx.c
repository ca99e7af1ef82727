/* SPDX-License-Identifier: ISC */
/*
 * Receiving. A buffer is the controller's from post() until it marks the descriptor as used; what
 * has no buffer is marked so by us, and stops it there.
 */
#include "drivers/net/gem/gem_internal.h"

static uint32_t rx_wrap(unsigned place)
{
	return place == GEM_RING - 1 ? GEM_RX_WRAP : 0;
}

void gem_rx_reset(struct gem *g)
{
	for (unsigned i = 0; i < GEM_RING; i++)
		g->rings.rx[i] = (struct gem_descriptor){.address = GEM_RX_USED | rx_wrap(i)};
	g->rx.done = g->rx.next = 0;
	g->rx.target = (uint16_t)netif_rx_target(g->mac.rx_pool, GEM_RING);
}

static void post(struct gem *g, struct pkt *p)
{
	unsigned n = gem_place(g->rx.next);
	struct gem_descriptor *d = &g->rings.rx[n];
	uint64_t address = (uintptr_t)p->buf;

	dma_sync_for_device(p->buf, GEM_RX_BYTES, DMA_FROM_DEVICE);
	g->rx.pkt[n] = p;
	/* A length that the controller has not written is that of no frame. */
	gem_set_word(&d->control, 0);
	gem_set_word(&d->address_high, (uint32_t)(address >> 32));
	dma_write_barrier(); /* it is whole before it is the controller's */
	gem_set_word(&d->address, (uint32_t)address | rx_wrap(n));
	g->rx.next++;
}

static bool post_fresh(struct gem *g)
{
	struct pkt *fresh = pkt_alloc(g->mac.rx_pool, 0);

	if (fresh == NULL)
		return false;
	post(g, fresh);
	return true;
}

unsigned gem_rx_fill(struct gem *g)
{
	while (mac_ahead(g->rx.next, g->rx.done) < g->rx.target && post_fresh(g))
		;
	return mac_ahead(g->rx.next, g->rx.done);
}

void gem_rx_free(struct gem *g)
{
	for (unsigned i = 0; i < GEM_RING; i++) {
		if (g->rx.pkt[i] == NULL)
			continue;
		dma_sync_for_cpu(g->rx.pkt[i]->buf, 0, DMA_FROM_DEVICE);
		pkt_put(g->rx.pkt[i]);
		g->rx.pkt[i] = NULL;
	}
}

/* Whether the controller is done with the next of its buffers. */
static bool is_filled(const struct gem *g)
{
	const struct gem_descriptor *d = &g->rings.rx[gem_place(g->rx.done)];

	return g->rx.done != g->rx.next && (gem_word(&d->address) & GEM_RX_USED) != 0;
}

/* How many bytes of the buffer are a frame and what is in front; 0: it is none, and counted. */
static uint32_t received(struct gem *g, uint32_t control)
{
	const uint32_t whole = GEM_RX_FIRST | GEM_RX_LAST;
	uint32_t bytes = control & GEM_RX_LENGTH;

	if ((control & whole) != whole || bytes < MAC_HEADER_BYTES ||
	    bytes > GEM_RX_BYTES - RX_FRAME_OFFSET) {
		g->mac.nif.stats.rx_errors++;
		return 0;
	}
	if (bytes > mac_frame_max(&g->mac)) {
		g->mac.nif.stats.rx_dropped++;
		return 0;
	}
	return RX_FRAME_OFFSET + bytes;
}

/* Takes the next buffer out, with another in its place; NULL: what was in it is dropped. */
static struct pkt *take(struct gem *g)
{
	unsigned n = gem_place(g->rx.done++);
	struct pkt *p = g->rx.pkt[n];
	uint32_t control, bytes;

	g->rx.pkt[n] = NULL;
	dma_read_barrier(); /* it was marked as used before the rest is read */
	control = gem_word(&g->rings.rx[n].control);
	bytes = received(g, control);
	dma_sync_for_cpu(p->buf, bytes, DMA_FROM_DEVICE);
	if (bytes == 0) {
		post(g, p);
		return NULL;
	}
	if (!post_fresh(g)) {
		g->mac.nif.stats.rx_dropped++;
		post(g, p);
		return NULL;
	}
	if ((control & GEM_RX_CHECKSUM_OK) != 0)
		p->flags |= PKT_CSUM_OK;
	return mac_received(&g->mac, p, RX_FRAME_OFFSET, bytes - RX_FRAME_OFFSET);
}

/* It stopped for want of a buffer: it looks again, now that there are some. */
static void go_on(const struct gem *g)
{
	uint32_t status = gem_read(g, GEM_RX_STATUS);

	if ((status & GEM_RX_STATUS_NO_BUFFER) == 0)
		return;
	gem_write(g, GEM_RX_STATUS, GEM_RX_STATUS_NO_BUFFER);
	gem_write(g, GEM_CONTROL, g->control);
}

/* What is done once for a batch. */
static void end_batch(struct gem *g)
{
	gem_rx_fill(g);
	go_on(g);
	gem_tx_reclaim(&g->mac);
	gem_tx_kick(g);
	if ((gem_read(g, GEM_RX_STATUS) & GEM_RX_STATUS_FAULTS) != 0 ||
	    (gem_read(g, GEM_TX_STATUS) & GEM_TX_STATUS_FAULTS) != 0)
		mac_fail(&g->mac, "the bus did not take its accesses");
	mac_end_batch(&g->mac);
}

struct pkt *gem_recv(struct netif *nif)
{
	struct gem *g = gem_of(mac_of(nif));

	if (!g->mac.running)
		return NULL;
	for (unsigned i = 0; i < MAC_RX_DROPS_MAX && is_filled(g); i++) {
		struct pkt *p = take(g);

		if (p != NULL)
			return p;
	}
	end_batch(g);
	return NULL;
}

bool gem_rx_arm(struct netif *nif)
{
	struct gem *g = gem_of(mac_of(nif));
	uint32_t wanted = GEM_INTR_RX | GEM_INTR_RX_USED | GEM_INTR_FAULTS;

	if (!g->mac.running)
		return false;
	if (mac_tx_wants_interrupt(&g->mac))
		wanted |= GEM_INTR_TX;
	gem_write(g, GEM_INTR, gem_read(g, GEM_INTR));
	mac_arm(&g->mac);
	gem_write(g, GEM_INTR_ENABLE, wanted);
	/* What came before the interrupt was cleared made none. */
	return is_filled(g) || mac_has_news(&g->mac);
}
