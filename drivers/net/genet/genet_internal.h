/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: genet.c (its life), genet_mac.c (the controller), genet_phy.c
 * (the link), genet_rx.c and genet_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_GENET_GENET_INTERNAL_H
#define DRIVERS_NET_GENET_GENET_INTERNAL_H

#include "drivers/net/genet/genet.h"
#include "drivers/net/genet/genet_regs.h"
#include "drivers/net/mac/mac_path.h"

enum { RX_FRAME_OFFSET = 2 }; /* of a frame in its buffer: the IP header is then 4-byte aligned */

static inline struct genet *genet_of(struct mac *m)
{
	return container_of(m, struct genet, mac);
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

/* --- genet_mac.c ----------------------------------------------------------------------------- */

/* ERR_NODEV: there is no GENET of version 5. */
MUST_USE enum err genet_identify(struct mac *m);

/* Stops MAC and DMA, with interrupts off. ERR_TIMEOUT: the DMA goes on. */
MUST_USE enum err genet_halt(struct mac *m);

/* Resets the MAC and sets it up; after genet_halt(). */
void genet_reset(struct genet *g);

/* Lets DMA and MAC go; the rings are set up. */
void genet_go(struct mac *m);

/* --- genet_phy.c ----------------------------------------------------------------------------- */

/* What drivers/net/phy is to know. */
struct phy_config genet_phy_config(void);

/* After each look at the link: tells the controller. */
void genet_looked(struct mac *m, bool has_come);

/* --- genet_rx.c, genet_tx.c ------------------------------------------------------------------ */

/* Sets the ring up, empty, where the controller's index is. */
void genet_rx_reset(struct genet *g);
void genet_tx_reset(struct genet *g);

/* Gives the controller buffers until it has rx_target or the pool is empty; returns how many it
 * has. */
unsigned genet_rx_fill(struct genet *g);

/* Takes the packet of a descriptor back from the controller and frees it, if there is one. */
void genet_rx_free(struct genet *g, unsigned place);
void genet_tx_free(struct genet *g, unsigned place);

/* Frees what the controller has sent, and wakes a sender that was refused. */
void genet_tx_reclaim(struct mac *m);

struct pkt *genet_recv(struct netif *nif);
bool genet_rx_arm(struct netif *nif);
enum err genet_send(struct netif *nif, struct pkt *p);
void genet_flush(struct netif *nif);

#endif
