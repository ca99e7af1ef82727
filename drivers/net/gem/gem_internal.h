/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: gem.c (its life), gem_mac.c (the controller), gem_phy.c (the
 * link), gem_rx.c and gem_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_GEM_GEM_INTERNAL_H
#define DRIVERS_NET_GEM_GEM_INTERNAL_H

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/dma/dma_sync/dma_sync.h"
#include "drivers/net/gem/gem.h"
#include "drivers/net/gem/gem_regs.h"

enum {
	ETH_HEADER_BYTES = 14,
	VLAN_TAG_BYTES = 4,
	RX_FRAME_OFFSET = 2, /* of a frame in its buffer: the IP header is then 4-byte aligned */
};

static inline struct gem *gem_of(struct netif *nif)
{
	return container_of(nif, struct gem, nif);
}

static inline uint32_t gem_frame_max(const struct gem *g)
{
	return ETH_HEADER_BYTES + VLAN_TAG_BYTES + g->nif.mtu;
}

static inline uint32_t gem_read(const struct gem *g, uint32_t offset)
{
	return mmio_read32(g->config.base + offset);
}

static inline void gem_write(const struct gem *g, uint32_t offset, uint32_t value)
{
	mmio_write32(g->config.base + offset, value);
}

/* The place of an index in its ring. */
static inline unsigned gem_place(uint16_t index)
{
	return index % GEM_RING;
}

/* A word of a descriptor, which the controller reads and writes when it likes. */
static inline uint32_t gem_word(const uint32_t *word)
{
	return *(const volatile uint32_t *)word;
}

static inline void gem_set_word(uint32_t *word, uint32_t value)
{
	*(volatile uint32_t *)word = value;
}

static inline uint16_t gem_ahead(uint16_t a, uint16_t b)
{
	return (uint16_t)(a - b);
}

/* Waits until the bits at `offset` are as told, or ERR_TIMEOUT. */
MUST_USE enum err gem_wait(const struct gem *g, uint32_t offset, uint32_t mask, uint32_t value,
			   uint32_t us);

/* --- gem_mac.c ------------------------------------------------------------------------------- */

/* ERR_NODEV: there is none; ERR_UNSUPPORTED: an old one. */
MUST_USE enum err gem_identify(const struct gem *g);

/* The address that the loader has left there, if it is a station's. */
MUST_USE bool gem_read_mac(struct gem *g);

/* Stops both directions, with interrupts off. ERR_TIMEOUT: it goes on. */
MUST_USE enum err gem_halt(struct gem *g);

/* Sets it up, after gem_halt(), with the rings as they are; both directions are off. */
void gem_reset(struct gem *g);

/* Lets both directions go; the rings are set up. */
void gem_go(struct gem *g);

/* Of struct netif: which groups are wanted. */
void gem_filter(struct netif *nif, const uint8_t group[static 6], bool wanted);

/* Adds what the controller has counted since to the interface's counters. */
void gem_count(struct gem *g);

/* --- gem_phy.c ------------------------------------------------------------------------------- */

/* Has the PHY looked for with the next poll, as at first. */
void gem_phy_init(struct gem *g);

/* Looks at the link, and sets the alarm to do so again. */
void gem_phy_poll(struct gem *g);

/* --- gem_rx.c, gem_tx.c ---------------------------------------------------------------------- */

/* Sets the ring up, empty. */
void gem_rx_reset(struct gem *g);
void gem_tx_reset(struct gem *g);

/* Gives the controller buffers until it has rx_target or the pool is empty; returns how many it
 * has. */
unsigned gem_rx_fill(struct gem *g);

/* Takes all packets back from a controller that has stopped. */
void gem_rx_free(struct gem *g);
void gem_tx_free(struct gem *g);

/* Frees what the controller has sent, and wakes a sender that was refused. */
void gem_tx_reclaim(struct gem *g);

/* Lets it go on with what it was told of just when it had come to an end. */
void gem_tx_kick(struct gem *g);

/* Whether what is left should have an interrupt when it is sent. */
bool gem_tx_wants_interrupt(const struct gem *g);

struct pkt *gem_recv(struct netif *nif);
bool gem_rx_arm(struct netif *nif);
enum err gem_send(struct netif *nif, struct pkt *p);
void gem_flush(struct netif *nif);

/* --- gem.c ----------------------------------------------------------------------------------- */

/* Notes that the controller is at fault; what is said first counts. */
void gem_fail(struct gem *g, const char *fault);

/* If it is: sets it up again, or gives it up. */
void gem_check_fault(struct gem *g);

#endif
