/* SPDX-License-Identifier: ISC */
/*
 * What a driver's packet path has in common with others', inline: no call is added to it. Also the
 * waits for a register, which are nothing of the path, but include the same.
 */
#ifndef DRIVERS_NET_MAC_MAC_PATH_H
#define DRIVERS_NET_MAC_MAC_PATH_H

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "drivers/dma/dma_sync/dma_sync.h"
#include "drivers/net/mac/mac.h"

enum {
	/*
	 * So many descriptors may wait unfreed, without an interrupt, for something else to happen:
	 * more could be all that a sender has, who would then wait for them for ever.
	 */
	MAC_TX_LAZY = 8,
	MAC_RX_DROPS_MAX = 64, /* in one call */
};

/* The longest frame, without the FCS, with one VLAN's tag. */
static inline uint32_t mac_frame_max(const struct mac *m)
{
	return MAC_HEADER_BYTES + MAC_VLAN_BYTES + m->nif.mtu;
}

/* How far the index `a` is ahead of `b`. */
static inline uint16_t mac_ahead(uint16_t a, uint16_t b)
{
	return (uint16_t)(a - b);
}

/*
 * Waits until the bits at `address` are as told, or ERR_TIMEOUT. Waits are for the hardware: the
 * time is that of the timer, which goes on whatever it does.
 */
MUST_USE static inline enum err mac_wait(const struct mac *m, uintptr_t address, uint32_t mask,
					 uint32_t value, uint32_t us)
{
	uint64_t end = timer_now_us(m->timer) + us;

	while ((mmio_read32(address) & mask) != value) {
		if (timer_now_us(m->timer) >= end)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

/* --- sending --------------------------------------------------------------------------------- */

/*
 * A driver's ring to send by. Of a constant that the compiler sees the functions are called
 * directly, or become part of mac_send() and mac_flush().
 */
struct mac_sender {
	uint16_t ring; /* descriptors, of which one stays free */
	/* Frees what the controller has sent; ends with mac_tx_wake(). */
	void (*reclaim)(struct mac *m);
	/* Writes the packet's descriptors, one a piece, from tx.next on, and moves that. */
	void (*describe)(struct mac *m, struct pkt *p);
	/* Tells the controller of what is described. */
	void (*publish)(struct mac *m);
	/* Lets it interrupt when it has sent. */
	void (*want_interrupt)(struct mac *m);
	/* The driver's own, which is mac_flush(). */
	void (*flush)(struct netif *nif);
};

/* The ring, empty, with its indices at `index`. */
static inline void mac_tx_reset(struct mac *m, uint16_t index)
{
	m->tx = (struct mac_tx){.done = index, .next = index, .published = index};
}

static inline uint16_t mac_tx_in_flight(const struct mac *m)
{
	return mac_ahead(m->tx.next, m->tx.done);
}

/* Whether what is left should have an interrupt when it is sent. */
ALWAYS_INLINE bool mac_tx_wants_interrupt(const struct mac *m)
{
	return m->tx.blocked || mac_tx_in_flight(m) >= MAC_TX_LAZY;
}

/* Wakes a sender that was refused, once half of the ring is free. */
ALWAYS_INLINE void mac_tx_wake(struct mac *m, unsigned ring)
{
	if (!m->tx.blocked || mac_tx_in_flight(m) > ring / 2)
		return;
	m->tx.blocked = false;
	waker_wake(&m->nif.tx);
}

/* Takes back what a sent packet lent to the controller, and frees it. */
static inline void mac_tx_free(struct pkt *p)
{
	for (unsigned i = 0; i <= p->n_pieces; i++)
		dma_sync_for_cpu(pkt_slice(p, i).data, pkt_slice(p, i).len, DMA_TO_DEVICE);
	pkt_put(p);
}

/* One descriptor stays free: there a controller stops, and a full ring does not look empty. */
ALWAYS_INLINE bool mac_tx_has_room(const struct mac *m, unsigned ring, const struct pkt *p)
{
	return ring - mac_tx_in_flight(m) > p->n_pieces + 1u;
}

/* Of struct netif_ops. */
ALWAYS_INLINE void mac_flush(struct netif *nif, const struct mac_sender *s)
{
	struct mac *m = mac_of(nif);

	if (!m->running || m->tx.published == m->tx.next)
		return;
	m->tx.published = m->tx.next;
	s->publish(m);
	if (m->armed && mac_tx_wants_interrupt(m))
		s->want_interrupt(m);
}

/* Of struct netif_ops. What is sent without a link is dropped and counted. */
ALWAYS_INLINE enum err mac_send(struct netif *nif, struct pkt *p, const struct mac_sender *s)
{
	struct mac *m = mac_of(nif);
	size_t bytes = pkt_bytes(p);

	if (!m->running)
		return ERR_IO;
	if (p->len < MAC_HEADER_BYTES || bytes > mac_frame_max(m)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	if (!nif->link_up) {
		nif->stats.tx_errors++;
		pkt_put(p);
		return OK;
	}
	if (!mac_tx_has_room(m, s->ring, p)) {
		s->flush(nif);
		s->reclaim(m);
	}
	if (!mac_tx_has_room(m, s->ring, p)) {
		nif->stats.tx_full++;
		m->tx.blocked = true;
		if (m->armed)
			s->want_interrupt(m);
		return ERR_AGAIN;
	}
	s->describe(m, p);
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	return OK;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* A frame of `len` bytes, `offset` bytes into its buffer, was received. */
static inline struct pkt *mac_received(struct mac *m, struct pkt *p, uint32_t offset, uint32_t len)
{
	p->data = p->buf + offset;
	p->len = len;
	m->nif.stats.rx_packets++;
	m->nif.stats.rx_bytes += len;
	return p;
}

/* For rx_arm: the controller is about to be allowed to interrupt. */
static inline void mac_arm(struct mac *m)
{
	m->strays = 0;
	m->armed = true;
	compiler_barrier(); /* the handler sees that before it may be called */
}

/* For what rx_arm says: whether the loop is to go on though no frame has come. */
static inline bool mac_has_news(const struct mac *m)
{
	return m->fault != NULL || m->link_due;
}

#endif
