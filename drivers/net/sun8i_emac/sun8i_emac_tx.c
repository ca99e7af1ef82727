/* SPDX-License-Identifier: ISC */
/*
 * Sending: a descriptor for each piece of a packet, the packet itself with the last of them.
 */
#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

static unsigned place(uint16_t index)
{
	return index % SUN8I_EMAC_TX_RING;
}

void sun8i_emac_tx_init(struct sun8i_emac *m)
{
	mac_tx_reset(&m->mac, 0);
	m->tx.seen = 0;
	for (unsigned i = 0; i < SUN8I_EMAC_TX_RING; i++) {
		struct sun8i_emac_desc *d = &m->tx.desc[i];

		*d = (struct sun8i_emac_desc){
			.next = sun8i_emac_address(&m->tx.desc[place((uint16_t)(i + 1))])};
		/* The controller looks at those, too, that it was not given. */
		dma_sync_for_device(d, sizeof(*d), DMA_BIDIRECTIONAL);
		dma_sync_for_cpu(d, sizeof(*d), DMA_BIDIRECTIONAL);
	}
}

bool sun8i_emac_tx_stands(struct sun8i_emac *m)
{
	bool waits = mac_tx_in_flight(&m->mac) > 0;
	uint16_t done = m->mac.tx.done;
	bool stands = waits && done == m->tx.seen && m->mac.nif.link_up;

	/* What is given after this look has until the next but one. */
	m->tx.seen = waits ? done : (uint16_t)(done - 1);
	return stands;
}

/* The processor has the descriptor at tx.done again, and with a frame's last one its packet. */
static void free_next(struct sun8i_emac *m)
{
	unsigned n = place(m->mac.tx.done++);
	struct pkt *p = m->tx.pkt[n];

	dma_sync_for_cpu(&m->tx.desc[n], 0, DMA_BIDIRECTIONAL);
	if (p == NULL)
		return;
	m->tx.pkt[n] = NULL;
	mac_tx_free(p);
}

void sun8i_emac_tx_free(struct sun8i_emac *m)
{
	while (mac_tx_in_flight(&m->mac) > 0)
		free_next(m);
}

void sun8i_emac_tx_reclaim(struct mac *mac)
{
	struct sun8i_emac *m = sun8i_emac_of(mac);

	while (mac_tx_in_flight(mac) > 0) {
		const struct sun8i_emac_desc *d = &m->tx.desc[place(mac->tx.done)];

		if (!sun8i_emac_is_done(d))
			break;
		if ((d->control & EMAC_TX_LAST) != 0 && (d->status & EMAC_TX_ERRORS) != 0)
			mac->nif.stats.tx_errors++;
		free_next(m);
	}
	mac_tx_wake(mac, SUN8I_EMAC_TX_RING);
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
static void describe(struct mac *mac, struct pkt *p)
{
	struct sun8i_emac *m = sun8i_emac_of(mac);
	uint16_t first = mac->tx.next, last = (uint16_t)(first + p->n_pieces);

	for (unsigned i = p->n_pieces + 1u; i-- > 0;) {
		uint32_t flags = i == 0 ? EMAC_TX_FIRST : 0;

		if (i == p->n_pieces)
			flags |= EMAC_TX_LAST | EMAC_TX_INTERRUPTS;
		describe_piece(m, (uint16_t)(first + i), pkt_slice(p, i), flags);
	}
	m->tx.pkt[place(last)] = p;
	mac->tx.next = (uint16_t)(last + 1);
}

static void publish(struct mac *mac)
{
	sun8i_emac_write(sun8i_emac_of(mac), EMAC_TX1,
			 EMAC_TX1_WHOLE_FRAME | EMAC_TX1_DMA | EMAC_TX1_START);
}

static void want_interrupt(struct mac *mac)
{
	sun8i_emac_write(sun8i_emac_of(mac), EMAC_INT_ENABLE,
			 EMAC_INT_RX | EMAC_INT_RX_NO_BUF | EMAC_INT_TX);
}

static const struct mac_sender sender = {
	.ring = SUN8I_EMAC_TX_RING,
	.reclaim = sun8i_emac_tx_reclaim,
	.describe = describe,
	.publish = publish,
	.want_interrupt = want_interrupt,
	.flush = sun8i_emac_flush,
};

enum err sun8i_emac_send(struct netif *nif, struct pkt *p)
{
	return mac_send(nif, p, &sender);
}

void sun8i_emac_flush(struct netif *nif)
{
	mac_flush(nif, &sender);
}
