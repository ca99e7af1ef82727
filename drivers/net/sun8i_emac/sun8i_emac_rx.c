/* SPDX-License-Identifier: ISC */
/*
 * Receiving.
 *
 * Every descriptor of the ring has a buffer at all times, with which it is the controller's until
 * that takes the mark of ownership away. The controller fills them one after the other, from the
 * one at rx.done. Having found none it stands still until it is told that there are some, which is
 * done before each wait. One that then goes on elsewhere is followed there; one that has lost its
 * place, of which it says that it is at 0, is told it. (QEMU's does both.)
 */
#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

static void post(struct sun8i_emac *m, unsigned n, struct pkt *p)
{
	struct sun8i_emac_desc *d = &m->rx.desc[n];

	dma_sync_for_device(p->buf, SUN8I_EMAC_RX_BYTES, DMA_FROM_DEVICE);
	m->rx.pkt[n] = p;
	d->control = EMAC_DESC_CHAINED | SUN8I_EMAC_RX_BYTES;
	d->buffer = sun8i_emac_address(p->buf);
	d->next = sun8i_emac_address(&m->rx.desc[(n + 1) % m->rx.count]);
	sun8i_emac_give(d);
}

unsigned sun8i_emac_rx_fill(struct sun8i_emac *m)
{
	unsigned target = netif_rx_target(m->mac.rx_pool, SUN8I_EMAC_RX_RING), n = 0;

	while (n < target && (m->rx.pkt[n] = pkt_alloc(m->mac.rx_pool, 0)) != NULL)
		n++;
	m->rx.done = 0;
	m->rx.count = (uint16_t)n;
	for (unsigned i = 0; i < n; i++)
		post(m, i, m->rx.pkt[i]);
	return n;
}

void sun8i_emac_rx_free(struct sun8i_emac *m)
{
	for (unsigned i = 0; i < m->rx.count; i++) {
		dma_sync_for_cpu(&m->rx.desc[i], 0, DMA_BIDIRECTIONAL);
		dma_sync_for_cpu(m->rx.pkt[i]->buf, 0, DMA_FROM_DEVICE);
		pkt_put(m->rx.pkt[i]);
		m->rx.pkt[i] = NULL;
	}
	m->rx.count = 0;
}

/* How many bytes of the buffer are a frame, with its FCS; 0: it is none, and counted. */
static uint32_t received(struct sun8i_emac *m, uint32_t status)
{
	const uint32_t whole = EMAC_RX_FIRST | EMAC_RX_LAST;
	uint32_t bytes = status >> EMAC_RX_BYTES_SHIFT & EMAC_RX_BYTES;

	if ((status & whole) != whole || (status & EMAC_RX_ERRORS) != 0 ||
	    bytes < MAC_HEADER_BYTES + FCS_BYTES || bytes > SUN8I_EMAC_RX_BYTES) {
		m->mac.nif.stats.rx_errors++;
		return 0;
	}
	if (bytes - FCS_BYTES > mac_frame_max(&m->mac)) {
		m->mac.nif.stats.rx_dropped++;
		return 0;
	}
	return bytes;
}

/* Takes the buffer of the descriptor at rx.done, with another in its place; NULL: it is dropped. */
static struct pkt *take(struct sun8i_emac *m)
{
	unsigned n = m->rx.done;
	struct pkt *p = m->rx.pkt[n], *fresh = NULL;
	uint32_t bytes = received(m, m->rx.desc[n].status);

	m->rx.done = (uint16_t)((n + 1) % m->rx.count);
	if (m->rx_empty)
		m->rx_stood = m->rx_empty = false;
	dma_sync_for_cpu(&m->rx.desc[n], 0, DMA_BIDIRECTIONAL);
	dma_sync_for_cpu(p->buf, bytes, DMA_FROM_DEVICE);
	if (bytes > 0) {
		fresh = pkt_alloc(m->mac.rx_pool, 0);
		m->mac.nif.stats.rx_dropped += fresh == NULL;
	}
	post(m, n, fresh != NULL ? fresh : p);
	if (fresh == NULL)
		return NULL;
	return mac_received(&m->mac, p, 0, bytes - FCS_BYTES);
}

static bool has_frame(const struct sun8i_emac *m)
{
	return sun8i_emac_is_done(&m->rx.desc[m->rx.done]);
}

/* The next frame that there is, in the order of the ring; false: all descriptors are the
 * controller's. */
static bool find_frame(struct sun8i_emac *m)
{
	for (unsigned i = 0; i < m->rx.count; i++) {
		unsigned n = (m->rx.done + i) % m->rx.count;

		if (sun8i_emac_is_done(&m->rx.desc[n])) {
			m->rx.done = (uint16_t)n;
			return true;
		}
	}
	return false;
}

/*
 * After the controller has stood still, frames may be anywhere. Only when there are none, and it
 * has the whole ring, can it be told where to go on, and is what it then fills first again in
 * order.
 */
static void follow(struct sun8i_emac *m)
{
	if (find_frame(m))
		return;
	m->rx_empty = true;
	if (sun8i_emac_read(m, EMAC_RX_AT) == 0)
		sun8i_emac_write(m, EMAC_RX_DESCRIPTORS,
				 sun8i_emac_address(&m->rx.desc[m->rx.done]));
}

/* What is done once for a batch. */
static void end_batch(struct sun8i_emac *m)
{
	uint32_t status = sun8i_emac_read(m, EMAC_INT_STATUS);

	if ((status & (EMAC_INT_RX_NO_BUF | EMAC_INT_RX_OVERFLOW)) != 0) {
		sun8i_emac_write(m, EMAC_INT_STATUS, EMAC_INT_RX_NO_BUF | EMAC_INT_RX_OVERFLOW);
		if ((status & EMAC_INT_RX_OVERFLOW) != 0)
			m->mac.nif.stats.rx_dropped++;
		m->rx_stood = true;
		m->rx_empty = false;
	}
	if (m->rx_stood)
		follow(m);
	sun8i_emac_tx_reclaim(&m->mac);
	mac_end_batch(&m->mac);
}

struct pkt *sun8i_emac_recv(struct netif *nif)
{
	struct sun8i_emac *m = sun8i_emac_of(mac_of(nif));

	if (!m->mac.running)
		return NULL;
	for (unsigned n = 0; n < MAC_RX_DROPS_MAX && has_frame(m); n++) {
		struct pkt *p = take(m);

		if (p != NULL)
			return p;
	}
	end_batch(m);
	return NULL;
}

bool sun8i_emac_rx_arm(struct netif *nif)
{
	struct sun8i_emac *m = sun8i_emac_of(mac_of(nif));
	uint32_t wanted = EMAC_INT_RX | EMAC_INT_RX_NO_BUF;

	if (!m->mac.running)
		return false;
	if (mac_tx_wants_interrupt(&m->mac))
		wanted |= EMAC_INT_TX;
	sun8i_emac_write(m, EMAC_INT_STATUS, EMAC_INT_RX | EMAC_INT_TX);
	mac_arm(&m->mac);
	sun8i_emac_write(m, EMAC_INT_ENABLE, wanted);
	/* There are buffers again, if it has stood still. */
	sun8i_emac_write(m, EMAC_RX1, EMAC_RX1_WHOLE_FRAME | EMAC_RX1_DMA | EMAC_RX1_START);
	/* What came before the interrupt was cleared made none. */
	return has_frame(m) || mac_has_news(&m->mac);
}
