/* SPDX-License-Identifier: ISC */
/*
 * Receiving.
 *
 * The controller owns a buffer from post() until its index shows that it is done with it. It thinks
 * that it has a full ring of buffers, of which all but rx.target are not emptied yet: so a pool may
 * have fewer than the ring has descriptors. The first of the buffers to be filled is at rx.done,
 * and behind the last, at rx.next, goes each fresh one.
 */
#include "drivers/net/genet/genet_internal.h"

enum {
	/* Descriptors left when the controller asks a peer to pause, and to go on; it is not to. */
	FLOW_OFF = 5,
	FLOW_ON = 16,
};

void genet_rx_reset(struct genet *g)
{
	/* The index cannot be set: the ring begins where it stands. */
	uint32_t produced = genet_read(g, RDMA_PRODUCED);
	uint32_t at = genet_place((uint16_t)produced) * DMA_WORDS;
	uint32_t ring = DMA_RING(RDMA);

	g->rx.done = g->rx.next = (uint16_t)produced;
	g->rx.discarded = (uint16_t)(produced >> RDMA_PRODUCED_DISCARDED);
	g->rx.target = (uint16_t)netif_rx_target(g->mac.rx_pool, GENET_RING);
	genet_write(g, ring + DMA_RING_START, 0);
	genet_write(g, ring + DMA_RING_START_HIGH, 0);
	genet_write(g, ring + DMA_RING_END, GENET_RING * DMA_WORDS - 1);
	genet_write(g, ring + DMA_RING_END_HIGH, 0);
	genet_write(g, ring + DMA_RING_SIZE, GENET_RING << DMA_RING_SIZE_SHIFT | GENET_RX_BYTES);
	genet_write(g, ring + DMA_RING_DONE_LIMIT, 1);
	genet_write(g, RDMA_FLOW, FLOW_OFF << RDMA_FLOW_OFF_SHIFT | FLOW_ON);
	genet_write(g, RDMA_WRITE_POINTER, at);
	genet_write(g, RDMA_WRITE_POINTER_HIGH, 0);
	genet_write(g, RDMA_READ_POINTER, at);
	genet_write(g, RDMA_READ_POINTER_HIGH, 0);
}

static void post(struct genet *g, struct pkt *p)
{
	dma_sync_for_device(p->buf, GENET_RX_BYTES, DMA_FROM_DEVICE);
	g->rx.pkt[genet_place(g->rx.next)] = p;
	/* A status that the controller has not written is that of no frame. */
	genet_describe(g, RDMA, g->rx.next, p->buf, 0);
	g->rx.next++;
}

static bool post_fresh(struct genet *g)
{
	struct pkt *fresh = pkt_alloc(g->mac.rx_pool, 0);

	if (fresh == NULL)
		return false;
	post(g, fresh);
	return true;
}

/* Shows the controller the buffers that it was given. */
static void publish(const struct genet *g)
{
	dma_write_barrier(); /* the descriptors are written before */
	genet_write(g, RDMA_CONSUMED, (uint16_t)(g->rx.next - GENET_RING));
}

unsigned genet_rx_fill(struct genet *g)
{
	while (mac_ahead(g->rx.next, g->rx.done) < g->rx.target && post_fresh(g))
		;
	publish(g);
	return mac_ahead(g->rx.next, g->rx.done);
}

void genet_rx_free(struct genet *g, unsigned place)
{
	struct pkt *p = g->rx.pkt[place];

	if (p == NULL)
		return;
	g->rx.pkt[place] = NULL;
	dma_sync_for_cpu(p->buf, 0, DMA_FROM_DEVICE);
	pkt_put(p);
}

/* How many buffers the controller has filled. */
static uint16_t filled(struct genet *g)
{
	uint32_t produced = genet_read(g, RDMA_PRODUCED);
	uint16_t n = mac_ahead((uint16_t)produced, g->rx.done);
	uint16_t discarded = (uint16_t)(produced >> RDMA_PRODUCED_DISCARDED);

	g->mac.nif.stats.rx_dropped += mac_ahead(discarded, g->rx.discarded);
	g->rx.discarded = discarded;
	if (LIKELY(n <= mac_ahead(g->rx.next, g->rx.done)))
		return n;
	mac_fail(&g->mac, "received more than it had buffers for");
	return 0;
}

/* How many bytes of the buffer are a frame; 0: it is none, and counted. */
static uint32_t received(struct genet *g, uint32_t status)
{
	const uint32_t whole = DMA_FIRST | DMA_LAST;
	uint32_t bytes = status >> DMA_LENGTH_SHIFT & DMA_LENGTH;

	if ((status & whole) != whole || (status & DMA_RX_ERRORS) != 0 ||
	    bytes < RX_FRAME_OFFSET + MAC_HEADER_BYTES || bytes > GENET_RX_BYTES) {
		g->mac.nif.stats.rx_errors++;
		return 0;
	}
	if (bytes - RX_FRAME_OFFSET > mac_frame_max(&g->mac)) {
		g->mac.nif.stats.rx_dropped++;
		return 0;
	}
	return bytes;
}

/* Takes the next buffer out, with another in its place; NULL: what was in it is dropped. */
static struct pkt *take(struct genet *g)
{
	unsigned n = genet_place(g->rx.done++);
	struct pkt *p = g->rx.pkt[n];
	uint32_t bytes;

	g->rx.pkt[n] = NULL;
	dma_read_barrier(); /* the index came before what it speaks of */
	bytes = received(g, genet_read(g, DMA_STATUS(RDMA, n)));
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
	return mac_received(&g->mac, p, RX_FRAME_OFFSET, bytes - RX_FRAME_OFFSET);
}

/* What is done once for a batch. */
static void end_batch(struct genet *g)
{
	genet_rx_fill(g);
	genet_tx_reclaim(&g->mac);
	mac_end_batch(&g->mac);
}

struct pkt *genet_recv(struct netif *nif)
{
	struct genet *g = genet_of(mac_of(nif));

	if (!g->mac.running)
		return NULL;
	for (uint16_t n = MIN(filled(g), MAC_RX_DROPS_MAX); n > 0; n--) {
		struct pkt *p = take(g);

		if (p != NULL) {
			publish(g);
			return p;
		}
	}
	end_batch(g);
	return NULL;
}

bool genet_rx_arm(struct netif *nif)
{
	struct genet *g = genet_of(mac_of(nif));
	uint32_t wanted = INTR_RX | (mac_tx_wants_interrupt(&g->mac) ? INTR_TX : 0);

	if (!g->mac.running)
		return false;
	genet_write(g, INTR_CLEAR, INTR_RX | INTR_TX);
	mac_arm(&g->mac);
	genet_write(g, INTR_MASK_CLEAR, wanted);
	/* What came before the interrupt was cleared made none. */
	return filled(g) > 0 || mac_has_news(&g->mac);
}
