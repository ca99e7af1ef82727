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
 * A controller that breaks the rules of its rings, to which the bus says no, or that cannot send,
 * is stopped and set up again; after GEM_RESETS_MAX times without GEM_FRAMES_BETWEEN_RESETS
 * received frames in between it is given up: the link goes down and sends fail with ERR_IO. One
 * that does not stop keeps its packets.
 *
 * Event loop only; the interrupt handler is internal and only wakes. struct gem is static memory,
 * 20 KiB, of which the rings are whole pages, and must live as long as the image.
 */
#ifndef DRIVERS_NET_GEM_GEM_H
#define DRIVERS_NET_GEM_GEM_H

#include "drivers/net/phy/phy.h"
#include "hal/dma_memory.h"
#include "hal/irq.h"
#include "hal/netif.h"
#include "hal/timer.h"

enum {
	GEM_RING = 256,
	GEM_RX_BYTES = 2048, /* of a buffer that are used */
	GEM_HASHES = 64,
	GEM_RESETS_MAX = 3,
	GEM_FRAMES_BETWEEN_RESETS = 1000,
	GEM_STRAYS_MAX = 1000, /* interrupts of nothing, one after the other */
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

/* One way. Indices count without end; a descriptor's number is the lower eight bits of one. */
struct gem_ring {
	struct pkt *pkt[GEM_RING]; /* to send: with its first descriptor */
	uint16_t done;             /* the next that the controller will be done with */
	uint16_t next;             /* the next that it will be given */
};

struct gem {
	struct gem_rings rings;
	struct netif nif;
	struct gem_config config;
	struct phy_config phy_config;
	struct phy phy;
	struct irq_chip *irq;
	struct timer *timer;
	struct pkt_pool *rx_pool;
	struct gem_ring rx, tx;
	uint16_t rx_target;          /* buffers that the controller should have */
	bool tx_unflushed;           /* it was not told of all yet */
	uint32_t control;            /* what GEM_CONTROL has */
	uint16_t groups[GEM_HASHES]; /* that are wanted, by their addresses' hash */
	bool filters;                /* somebody has said which; else all are */
	const char *fault;           /* what the controller did that it must not, or NULL */
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
 * netif_start(), which answers ERR_NODEV if there is no such controller and ERR_UNSUPPORTED for one
 * with addresses of 32 bits. Its Ethernet address is what the loader has left in the controller, or
 * one of nobody's, with a warning. `timer` is the driver's own: it sets its alarm. `rx`, with
 * buffers of GEM_RX_BYTES or more, and `name` ("net0") must outlive it.
 */
struct netif *gem_init(struct gem *g, const struct gem_config *config, struct irq_chip *irq,
		       struct timer *timer, struct pkt_pool *rx, const char *name);

#endif
