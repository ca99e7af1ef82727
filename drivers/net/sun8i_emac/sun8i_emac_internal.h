/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: sun8i_emac.c (its life), sun8i_emac_mac.c (the controller and
 * the way to the PHY), sun8i_emac_rx.c and sun8i_emac_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_INTERNAL_H
#define DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_INTERNAL_H

#include "drivers/net/mac/mac_path.h"
#include "drivers/net/sun8i_emac/sun8i_emac.h"
#include "drivers/net/sun8i_emac/sun8i_emac_regs.h"

enum { FCS_BYTES = 4 };

static inline struct sun8i_emac *sun8i_emac_of(struct mac *mac)
{
	return container_of(mac, struct sun8i_emac, mac);
}

static inline uint32_t sun8i_emac_read(const struct sun8i_emac *m, uint32_t offset)
{
	return mmio_read32(m->config.base + offset);
}

static inline void sun8i_emac_write(const struct sun8i_emac *m, uint32_t offset, uint32_t value)
{
	mmio_write32(m->config.base + offset, value);
}

static inline uint32_t sun8i_emac_address(const void *memory)
{
	return (uint32_t)(uintptr_t)memory;
}

/* Gives a descriptor, all of whose other words are written, to the controller. */
static inline void sun8i_emac_give(struct sun8i_emac_desc *d)
{
	dma_write_barrier(); /* nobody sees an owned one that is half written */
	d->status = EMAC_DESC_OWNED;
	dma_sync_for_device(d, sizeof(*d), DMA_BIDIRECTIONAL);
}

/* Whether the controller is done with it; then what it has written is seen. */
static inline bool sun8i_emac_is_done(const struct sun8i_emac_desc *d)
{
	dma_sync_peek(d, sizeof(*d));
	return (d->status & EMAC_DESC_OWNED) == 0;
}

/* --- sun8i_emac_mac.c ------------------------------------------------------------------------ */

/* Stops all and resets the controller. ERR_TIMEOUT: it did not end, as without a clock. */
MUST_USE enum err sun8i_emac_reset(struct mac *mac);

/* The address that is in its registers, if it is a station's. */
MUST_USE bool sun8i_emac_left_address(const struct sun8i_emac *m, uint8_t mac[static 6]);

/* Sets the controller up after its reset, with the rings, and lets it go. */
void sun8i_emac_go(struct mac *mac);

/* What drivers/net/phy is to know. */
struct phy_config sun8i_emac_phy_config(const struct sun8i_emac_config *config);

/* After each look at the link: tells the controller, and sees whether it stands still. */
void sun8i_emac_looked(struct mac *mac, bool has_come);

/* --- sun8i_emac_rx.c, sun8i_emac_tx.c -------------------------------------------------------- */

/* Makes the ring of as many buffers as the pool has for it; returns how many. */
unsigned sun8i_emac_rx_fill(struct sun8i_emac *m);
void sun8i_emac_tx_init(struct sun8i_emac *m);

/* Takes all packets back from a controller that was reset, and frees them. */
void sun8i_emac_rx_free(struct sun8i_emac *m);
void sun8i_emac_tx_free(struct sun8i_emac *m);

/* Frees what the controller has sent, and wakes a sender that was refused. */
void sun8i_emac_tx_reclaim(struct mac *mac);

/* Whether nothing has been sent since the last call, though something was to be. */
bool sun8i_emac_tx_stands(struct sun8i_emac *m);

struct pkt *sun8i_emac_recv(struct netif *nif);
bool sun8i_emac_rx_arm(struct netif *nif);
enum err sun8i_emac_send(struct netif *nif, struct pkt *p);
void sun8i_emac_flush(struct netif *nif);

#endif
