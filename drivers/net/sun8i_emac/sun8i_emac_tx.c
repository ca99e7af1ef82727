/* SPDX-License-Identifier: ISC */
/*
 * Sending: a descriptor for each piece of a packet, the packet itself with the last of them.
 */
#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

enum {
	/*
	 * So many packets may wait unfreed, without an interrupt, for something else to happen:
	 * more could be all that a sender has, who would then wait for them for ever.
	 */
	TX_LAZY = 8,
};

static unsigned place(uint16_t index)
{
	return index % SUN8I_EMAC_TX_RING;
}

static uint16_t in_flight(const struct sun8i_emac *m)
{
	return (uint16_t)(m->tx.next - m->tx.done);
}

void sun8i_emac_tx_init(struct sun8i_emac *m)
{
	m->tx.done = m->tx.next = m->tx_published = m->tx_seen = 0;
	m->tx_blocked = false;
	for (unsigned i = 0; i < SUN8I_EMAC_TX_RING; i++) {
		struct sun8i_emac_desc *d = &m->tx.desc[i];

		*d = (struct sun8i_emac_desc){
			.next = sun8i_emac_address(&m->tx.desc[place((uint16_t)(i + 1))])};
		/* The controller looks at those, too, that it was not given. */
		dma_sync_for_device(d, sizeof(*d), DMA_BIDIRECTIONAL);
		dma_sync_for_cpu(d, sizeof(*d), DMA_BIDIRECTIONAL);
	}
}

bool sun8i_emac_tx_wants_interrupt(const struct sun8i_emac *m)
{
	return m->tx_blocked || in_flight(m) >= TX_LAZY;
}

bool sun8i_emac_tx_stands(struct sun8i_emac *m)
{
	bool stands = in_flight(m) > 0 && m->tx.done == m->tx_seen && m->nif.link_up;

	/* What is given after this look has until the next but one. */
	m->tx_seen = in_flight(m) > 0 ? m->tx.done : (uint16_t)(m->tx.done - 1);
	return stands;
}

/* The processor has the descriptor at tx.done again, and with a frame's last one its packet. */
static void free_next(struct sun8i_emac *m)
{
	unsigned n = place(m->tx.done++);
	struct pkt *p = m->tx.pkt[n];

	dma_sync_for_cpu(&m->tx.desc[n], 0, DMA_BIDIRECTIONAL);
	if (p == NULL)
		return;
	m->tx.pkt[n] = NULL;
	for (unsigned i = 0; i <= p->n_pieces; i++)
		dma_sync_for_cpu(pkt_slice(p, i).data, pkt_slice(p, i).len, DMA_TO_DEVICE);
	pkt_put(p);
}

void sun8i_emac_tx_free(struct sun8i_emac *m)
{
	while (in_flight(m) > 0)
		free_next(m);
}

void sun8i_emac_tx_reclaim(struct sun8i_emac *m)
{
	while (in_flight(m) > 0) {
		const struct sun8i_emac_desc *d = &m->tx.desc[place(m->tx.done)];

		if (!sun8i_emac_is_done(d))
			break;
		if ((d->control & EMAC_TX_LAST) != 0 && (d->status & EMAC_TX_ERRORS) != 0)
			m->nif.stats.tx_errors++;
		free_next(m);
	}
	if (m->tx_blocked && in_flight(m) <= SUN8I_EMAC_TX_RING / 2) {
		m->tx_blocked = false;
		waker_wake(&m->nif.tx);
	}
}

static void describe_piece(struct sun8i_emac *m, uint16_t index, struct slice s, uint32_t flags)
{
	struct sun8i_emac_desc *d = &m->tx.desc[place(index)];

	dma_sync_for_device(s.data, s.len, DMA_TO_DEVICE);
	d->control = EMAC_DESC_CHAINED | flags | (uint32_t)s.len;
	d->buffer = sun8i_emac_address(s.data);
	d->next = sun8i_emac_address(&m->tx.desc[place((uint16_t)(index + 1))]);
	sun8i_emac_give(d);
}

/* From the last piece to the first: the controller may begin as soon as it owns that. */
static void describe(struct sun8i_emac *m, struct pkt *p)
{
	uint16_t first = m->tx.next, last = (uint16_t)(first + p->n_pieces);

	for (unsigned i = p->n_pieces + 1u; i-- > 0;) {
		uint32_t flags = i == 0 ? EMAC_TX_FIRST : 0;

		if (i == p->n_pieces)
			flags |= EMAC_TX_LAST | EMAC_TX_INTERRUPTS;
		describe_piece(m, (uint16_t)(first + i), pkt_slice(p, i), flags);
	}
	m->tx.pkt[place(last)] = p;
	m->tx.next = (uint16_t)(last + 1);
}

/* One descriptor stays free: a controller that has gone round must not find one that it owns. */
static bool has_room(const struct sun8i_emac *m, const struct pkt *p)
{
	return SUN8I_EMAC_TX_RING - in_flight(m) > p->n_pieces + 1;
}

enum err sun8i_emac_send(struct netif *nif, struct pkt *p)
{
	struct sun8i_emac *m = sun8i_emac_of(nif);
	size_t bytes = pkt_bytes(p);

	if (!m->running)
		return ERR_IO;
	if (p->len < ETH_HEADER_BYTES || bytes > sun8i_emac_frame_max(m)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	if (!nif->link_up) {
		nif->stats.tx_errors++;
		pkt_put(p);
		return OK;
	}
	if (!has_room(m, p)) {
		sun8i_emac_flush(nif);
		sun8i_emac_tx_reclaim(m);
	}
	if (!has_room(m, p)) {
		nif->stats.tx_full++;
		m->tx_blocked = true;
		if (m->armed)
			sun8i_emac_write(m, EMAC_INT_ENABLE,
					 EMAC_INT_RX | EMAC_INT_RX_NO_BUF | EMAC_INT_TX);
		return ERR_AGAIN;
	}
	describe(m, p);
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	return OK;
}

void sun8i_emac_flush(struct netif *nif)
{
	struct sun8i_emac *m = sun8i_emac_of(nif);

	if (!m->running || m->tx_published == m->tx.next)
		return;
	m->tx_published = m->tx.next;
	sun8i_emac_write(m, EMAC_TX1, EMAC_TX1_WHOLE_FRAME | EMAC_TX1_DMA | EMAC_TX1_START);
	if (m->armed && sun8i_emac_tx_wants_interrupt(m))
		sun8i_emac_write(m, EMAC_INT_ENABLE,
				 EMAC_INT_RX | EMAC_INT_RX_NO_BUF | EMAC_INT_TX);
}
