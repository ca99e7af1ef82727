/* SPDX-License-Identifier: ISC */
/*
 * Allwinner's Ethernet controller EMAC, as the H3 and its relatives have it, as a struct netif.
 *
 * Each direction is a ring of descriptors in memory, which name the next one. The controller does
 * not see the caches (drivers/dma/dma_sync): a descriptor has a cache line to itself, so that the
 * ring needs no memory of a special kind, and its owner is one word of it.
 *
 * Receive buffers come from the pool, half of it at most; each has its descriptor for ever, and
 * one that is taken is replaced at once. Nothing is copied either way, a packet with pieces takes a
 * descriptor each. Checksums are left to software. Which group is wanted the layer above knows: the
 * MAC lets all frames through.
 *
 * The PHY is asked each second, by an alarm of the driver's own, and sooner while there is no link
 * (drivers/net/phy). What is sent without a link is dropped and counted.
 *
 * A controller that sends nothing of what it was given from one look at the link to the next, or
 * interrupts without end, is reset and set up again, or given up (drivers/net/mac).
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct sun8i_emac is static
 * memory below 4 GiB, 22 KiB, and must live as long as the image.
 */
#ifndef DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_H
#define DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_H

#include "base/attr.h"
#include "drivers/net/mac/mac.h"

enum {
	SUN8I_EMAC_RX_RING = 256,
	SUN8I_EMAC_TX_RING = 64,
	SUN8I_EMAC_RX_BYTES = 1536, /* of a buffer that are used: whole cache lines */
};

struct sun8i_emac_config {
	uintptr_t base; /* of the registers, 64 KiB */
	uint32_t line;
	uint8_t phy_address;
	/* The interface's address, if the loader has left none in the registers. */
	enum err (*mac)(uint8_t mac[static 6]);
};

/* As the controller reads and writes it, alone in its cache line. */
struct sun8i_emac_desc {
	ALIGNED(CACHE_LINE_BYTES) uint32_t status;
	uint32_t control, buffer, next;
};

/* Receiving: each descriptor of the ring has a packet. */
struct sun8i_emac_rx {
	struct sun8i_emac_desc desc[SUN8I_EMAC_RX_RING];
	struct pkt *pkt[SUN8I_EMAC_RX_RING];
	uint16_t count; /* descriptors in the ring */
	uint16_t done;  /* the next that the controller will be done with */
};

/* Sending. */
struct sun8i_emac_tx {
	struct sun8i_emac_desc desc[SUN8I_EMAC_TX_RING];
	struct pkt *pkt[SUN8I_EMAC_TX_RING]; /* NULL: none, or it is with its frame's last one */
	uint16_t seen;                       /* the MAC's tx.done at the last look at the link */
};

struct sun8i_emac {
	struct mac mac;
	struct sun8i_emac_rx rx;
	struct sun8i_emac_tx tx;
	struct sun8i_emac_config config;
	bool rx_stood; /* it had no descriptor left: frames may be anywhere in the ring */
	bool rx_empty; /* and since then it has had all of them */
};

/*
 * Prepares `m` to drive the controller, whose clock is on, and returns its netif. Does not touch it
 * before netif_start(). `timer` is the driver's own: it sets its alarm. `rx`, with buffers of
 * SUN8I_EMAC_RX_BYTES or more, and `name` ("net0") must outlive it.
 */
struct netif *sun8i_emac_init(struct sun8i_emac *m, const struct sun8i_emac_config *config,
			      struct irq_chip *irq, struct timer *timer, struct pkt_pool *rx,
			      const char *name);

#endif
