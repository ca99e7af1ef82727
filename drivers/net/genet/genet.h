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
 * A controller that breaks the rules of its rings is stopped and set up again; after
 * GENET_RESETS_MAX times without GENET_FRAMES_BETWEEN_RESETS received frames in between it is given
 * up: the link goes down and sends fail with ERR_IO. One that does not stop keeps its packets.
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct genet is static memory,
 * 4 KiB, and must live as long as the image.
 */
#ifndef DRIVERS_NET_GENET_GENET_H
#define DRIVERS_NET_GENET_GENET_H

#include "drivers/net/phy/phy.h"
#include "hal/irq.h"
#include "hal/netif.h"
#include "hal/timer.h"

enum {
	GENET_RING = 256,
	GENET_RX_BYTES = 2048, /* of a buffer that are used */
	GENET_PHY = 1,         /* its address */
	GENET_RESETS_MAX = 3,
	GENET_FRAMES_BETWEEN_RESETS = 1000,
	GENET_STRAYS_MAX = 1000, /* interrupts of nothing, one after the other */
};

struct genet_config {
	uintptr_t base; /* of the registers, 64 KiB */
	uint32_t line;  /* the interrupt of the default queues */
	/* The interface's address. */
	enum err (*mac)(uint8_t mac[static 6]);
};

/* One way. Indices count without end; a descriptor's number is the lower eight bits of one. */
struct genet_ring {
	struct pkt *pkt[GENET_RING]; /* NULL: none, or it is with its frame's last descriptor */
	uint16_t done;               /* the next that the controller will be done with */
	uint16_t next;               /* the next that it will be given */
};

struct genet {
	struct netif nif;
	struct genet_config config;
	struct irq_chip *irq;
	struct timer *timer;
	struct pkt_pool *rx_pool;
	struct genet_ring rx, tx;
	struct phy phy;
	uint16_t rx_target;    /* buffers that the controller should have */
	uint16_t rx_discarded; /* frames, as the controller counts them */
	uint16_t tx_published; /* as far as the controller was told of tx.next */
	const char *fault;     /* what the controller did that it must not, or NULL */
	uint32_t resets_left;
	uint64_t rx_at_reset; /* stats.rx_packets at the last reset */
	bool attached;        /* the interrupt handler is */
	bool running;         /* between start and stop, and not given up */
	bool stuck;           /* it did not stop: it may still write to its packets */
	bool tx_blocked;      /* a send was refused: the tx waker is owed */
	volatile bool armed;  /* the controller may interrupt. The handler takes it away */
	volatile bool link_due;
	volatile uint32_t strays;
};

/*
 * Prepares `g` to drive the controller, and returns its netif. Does not touch it before
 * netif_start(). `timer` is the driver's own: it sets its alarm. `rx`, with buffers of
 * GENET_RX_BYTES or more, and `name` ("net0") must outlive it.
 */
struct netif *genet_init(struct genet *g, const struct genet_config *config, struct irq_chip *irq,
			 struct timer *timer, struct pkt_pool *rx, const char *name);

#endif
