/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: genet.c (its life), genet_mac.c (the controller), genet_phy.c
 * (the link), genet_rx.c and genet_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_GENET_GENET_INTERNAL_H
#define DRIVERS_NET_GENET_GENET_INTERNAL_H

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/dma/dma_sync/dma_sync.h"
#include "drivers/net/genet/genet.h"
#include "drivers/net/genet/genet_regs.h"

enum {
	ETH_HEADER_BYTES = 14,
	VLAN_TAG_BYTES = 4,
	RX_FRAME_OFFSET = 2, /* of a frame in its buffer: the IP header is then 4-byte aligned */
};

static inline struct genet *genet_of(struct netif *nif)
{
	return container_of(nif, struct genet, nif);
}

static inline uint32_t genet_frame_max(const struct genet *g)
{
	return ETH_HEADER_BYTES + VLAN_TAG_BYTES + g->nif.mtu;
}

static inline uint32_t genet_read(const struct genet *g, uint32_t offset)
{
	return mmio_read32(g->config.base + offset);
}

static inline void genet_write(const struct genet *g, uint32_t offset, uint32_t value)
{
	mmio_write32(g->config.base + offset, value);
}

/* The place of an index in its ring. */
static inline unsigned genet_place(uint16_t index)
{
	return index % GENET_RING;
}

/* How far `a` is ahead of `b`. */
static inline uint16_t genet_ahead(uint16_t a, uint16_t b)
{
	return (uint16_t)(a - b);
}

/* Gives the descriptor at `index` of the engine its address and then its status. */
static inline void genet_describe(const struct genet *g, uint32_t dma, uint16_t index,
				  const void *memory, uint32_t status)
{
	uint64_t address = (uintptr_t)memory;
	unsigned n = genet_place(index);

	genet_write(g, DMA_ADDRESS_LOW(dma, n), (uint32_t)address);
	genet_write(g, DMA_ADDRESS_HIGH(dma, n), (uint32_t)(address >> 32));
	genet_write(g, DMA_STATUS(dma, n), status);
}

/* Waits until the bits at `offset` are as told, or ERR_TIMEOUT. */
MUST_USE enum err genet_wait(const struct genet *g, uint32_t offset, uint32_t mask, uint32_t value,
			     uint32_t us);
void genet_delay(const struct genet *g, uint32_t us);

/* --- genet_mac.c ----------------------------------------------------------------------------- */

/* ERR_NODEV: there is no GENET of version 5. */
MUST_USE enum err genet_identify(const struct genet *g);

/* Stops MAC and DMA, with interrupts off. ERR_TIMEOUT: the DMA goes on. */
MUST_USE enum err genet_halt(const struct genet *g);

/* Resets the MAC and sets it up; after genet_halt(). */
void genet_reset(const struct genet *g);

/* Lets DMA and MAC go; the rings are set up. */
void genet_go(const struct genet *g);

/* --- genet_phy.c ----------------------------------------------------------------------------- */

/* Has the PHY looked for with the next poll, as at first. */
void genet_phy_init(struct genet *g);

/* Looks at the link, and sets the alarm to do so again; first of all has the PHY negotiate. */
void genet_phy_poll(struct genet *g);

/* --- genet_rx.c, genet_tx.c ------------------------------------------------------------------ */

/* Sets the ring up, empty, where the controller's index is. */
void genet_rx_reset(struct genet *g);
void genet_tx_reset(struct genet *g);

/* Gives the controller buffers until it has rx_target or the pool is empty; returns how many it
 * has. */
unsigned genet_rx_fill(struct genet *g);

/* Takes the packet of a descriptor back from the controller and frees it, if there is one. */
void genet_tx_free(struct genet *g, unsigned place);

/* Frees what the controller has sent, and wakes a sender that was refused. */
void genet_tx_reclaim(struct genet *g);

/* Whether what is left should have an interrupt when it is sent. */
bool genet_tx_wants_interrupt(const struct genet *g);

struct pkt *genet_recv(struct netif *nif);
bool genet_rx_arm(struct netif *nif);
enum err genet_send(struct netif *nif, struct pkt *p);
void genet_flush(struct netif *nif);

/* --- genet.c --------------------------------------------------------------------------------- */

/* Notes that the controller is at fault; what is said first counts. */
void genet_fail(struct genet *g, const char *fault);

/* If it is: sets it up again, or gives it up. */
void genet_check_fault(struct genet *g);

#endif
