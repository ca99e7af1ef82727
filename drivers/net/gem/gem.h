/* SPDX-License-Identifier: ISC */
/*
 * Cadence's Gigabit Ethernet MAC ("GEM"), from the versions with addresses of 64 bits on, as a
 * struct netif: the interface of the Zynq UltraScale+, and the same core as in the Raspberry Pi 5's
 * RP1.
 *
 * One queue each way; others are given an empty ring. Descriptors lie in memory that caches leave
 * alone (hal/dma_memory.h); buffers are in the caches, with which the controller is not coherent
 * (drivers/dma/dma_sync). Receive buffers come from the pool: a quarter of it, and half of a small
 * one, so that there is a fresh one for each frame received; they wander through the ring. Nothing
 * is copied either way, a packet with pieces takes a descriptor each.
 *
 * The controller writes the checksums of TCP and UDP over IPv4 and drops frames with wrong ones; of
 * those over IPv6, which not every version knows, the driver writes them. It takes frames to its
 * own address, to all, and to groups whose hash is that of one which the layer above wants.
 *
 * The PHY is drivers/net/phy, looked at by an alarm of the driver's own. What is sent without a
 * link is dropped and counted.
 *
 * A controller to which the bus says no, or that cannot send, is stopped and set up again, or given
 * up (drivers/net/mac).
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct gem is static memory,
 * 20 KiB, of which the rings are whole pages, and must live as long as the image.
 */
#ifndef DRIVERS_NET_GEM_GEM_H
#define DRIVERS_NET_GEM_GEM_H

#include "drivers/net/mac/mac.h"
#include "hal/dma_memory.h"

enum {
	GEM_RING = 256,
	GEM_RX_BYTES = 2048, /* of a buffer that are used */
	GEM_HASHES = 64,
};

struct gem_config {
	uintptr_t base;   /* of the registers, 4 KiB */
	uint32_t line;    /* its interrupt, of the first queue */
	uint32_t pclk_hz; /* of the clock of its registers, which that of MDIO is made of */
	uint8_t phy;      /* its address, or PHY_ADDRESS_ANY */
	/* Has the clock to send with changed for a link of `mbit`; NULL: nobody need. */
	void (*set_rate)(unsigned mbit);
	/* What the board's PHY needs after its reset (drivers/net/phy), or NULL. */
	enum err (*phy_setup)(struct phy *p);
};

struct gem_descriptor {
	uint32_t address, control, address_high, none;
};

struct gem_rings {
	DMA_PAGES struct gem_descriptor rx[GEM_RING];
	struct gem_descriptor tx[GEM_RING];
	struct gem_descriptor rx_idle, tx_idle; /* of the queues that have no ring */
};

/* Receiving. Indices count without end; a descriptor's number is the lower eight bits of one. */
struct gem_rx {
	struct pkt *pkt[GEM_RING];
	uint16_t done;   /* the next that the controller will be done with */
	uint16_t next;   /* the next that it will be given */
	uint16_t target; /* buffers that the controller should have */
};

struct gem {
	struct gem_rings rings;
	struct mac mac;
	struct gem_config config;
	struct gem_rx rx;
	struct pkt *tx_pkt[GEM_RING]; /* with its first descriptor */
	uint32_t control;             /* what GEM_CONTROL has */
	uint16_t groups[GEM_HASHES];  /* that are wanted, by their addresses' hash */
	bool filters;                 /* somebody has said which; else all are */
};

/*
 * Prepares `g` to drive the controller, and returns its netif. Does not touch it before
 * netif_start(), which answers ERR_NODEV if there is no such controller and ERR_UNSUPPORTED for one
 * with addresses of 32 bits. Its Ethernet address is what the loader has left in the controller, or
 * one of nobody's, with a warning. `timer` is the driver's own: it sets its alarm. `rx`, with
 * buffers of GEM_RX_BYTES or more, and `name` ("net0") must outlive it.
 */
struct netif *gem_init(struct gem *g, const struct gem_config *config, struct irq_chip *irq,
		       struct timer *timer, struct pkt_pool *rx, const char *name);

#endif
