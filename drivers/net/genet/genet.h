/* SPDX-License-Identifier: ISC */
/*
 * Broadcom's Ethernet controller GENET, version 5, with a gigabit PHY at RGMII, as a struct netif:
 * the interface of the Raspberry Pi 4 (BCM2711, BCM54213PE).
 *
 * One queue each way, the default ones, each with all of its engine's 256 descriptors. The
 * controller has those in a memory of its own; frames it reads and writes in ours, and is not
 * coherent with the caches (drivers/dma/dma_sync).
 *
 * Receive buffers come from the pool: a part of it, so that there is a fresh one for each
 * frame received, and those wander through the ring. Nothing is copied either way, a packet with
 * pieces takes a descriptor each. Checksums are left to software. Which group is wanted the layer
 * above knows: the MAC lets all frames through.
 *
 * The PHY has no interrupt line on the board, so it is asked each second, by an alarm of the
 * driver's own, and sooner while there is no link (drivers/net/phy). What is sent without a link is
 * dropped and counted.
 *
 * A controller that breaks the rules of its rings is stopped and set up again, or given up
 * (drivers/net/mac).
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct genet is static memory,
 * 4 KiB, and must live as long as the image.
 */
#ifndef DRIVERS_NET_GENET_GENET_H
#define DRIVERS_NET_GENET_GENET_H

#include "drivers/net/mac/mac.h"

enum {
	GENET_RING = 256,
	GENET_RX_BYTES = 2048, /* of a buffer that are used */
	GENET_PHY = 1,         /* its address */
};

struct genet_config {
	uintptr_t base; /* of the registers, 64 KiB */
	uint32_t line;  /* the interrupt of the default queues */
	/* The interface's address. */
	enum err (*mac)(uint8_t mac[static 6]);
};

/* Receiving. Indices count without end; a descriptor's number is the lower eight bits of one. */
struct genet_rx {
	struct pkt *pkt[GENET_RING];
	uint16_t done;      /* the next that the controller will be done with */
	uint16_t next;      /* the next that it will be given */
	uint16_t target;    /* buffers that the controller should have */
	uint16_t discarded; /* frames, as the controller counts them */
};

struct genet {
	struct mac mac;
	struct genet_config config;
	struct genet_rx rx;
	struct pkt *tx_pkt[GENET_RING]; /* with its last descriptor */
};

/*
 * Prepares `g` to drive the controller, and returns its netif. Does not touch it before
 * netif_start(). `timer` is the driver's own: it sets its alarm. `rx`, with buffers of
 * GENET_RX_BYTES or more, and `name` ("net0") must outlive it.
 */
struct netif *genet_init(struct genet *g, const struct genet_config *config, struct irq_chip *irq,
			 struct timer *timer, struct pkt_pool *rx, const char *name);

#endif
