/* SPDX-License-Identifier: ISC */
/*
 * What Ethernet controllers with rings of descriptors and a PHY have in common, for their drivers:
 * their life, their link, and the bookkeeping of what they send.
 *
 * A driver embeds struct mac, whose first member is the interface, and says by struct mac_ops what
 * its chip does. Started, a controller is identified, halted, set up and let go; its interrupt and
 * the alarm only wake the loop, which takes what was received, then ends the batch. The end of a
 * batch looks at the link when that is due (drivers/net/phy), and at what the controller did wrong:
 * one that lies, stands still or interrupts all the time is halted and set up again. After
 * MAC_RESETS_MAX times without MAC_FRAMES_BETWEEN_RESETS received frames in between it is given up:
 * the link goes down and sends fail with ERR_IO. One that does not stop may still write to its
 * packets: it keeps them until it is started again and does stop.
 *
 * The calls here are for the event loop, but for mac_interrupted(), the interrupt handler's. The
 * packet path, inline, is in mac_path.h. The struct is the driver's and lives as long as the image.
 */
#ifndef DRIVERS_NET_MAC_MAC_H
#define DRIVERS_NET_MAC_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "drivers/net/phy/phy.h"
#include "hal/irq.h"
#include "hal/netif.h"
#include "hal/timer.h"

enum {
	MAC_MTU = 1500,
	MAC_HEADER_BYTES = 14,
	MAC_VLAN_BYTES = 4,
	MAC_RESETS_MAX = 3,
	MAC_FRAMES_BETWEEN_RESETS = 1000,
	MAC_STRAYS_MAX = 1000, /* interrupts of nothing, one after the other */
};

struct mac;

/* What a chip does. Each waits for a bounded time at most. */
struct mac_ops {
	/* Whether there is one, which is not touched otherwise: ERR_NODEV, ERR_UNSUPPORTED. */
	enum err (*identify)(struct mac *m);
	/* Stops both directions, with interrupts off. ERR_TIMEOUT: the DMA may go on. */
	enum err (*halt)(struct mac *m);
	/* Takes all packets back from a controller that has stopped, and frees them. */
	void (*release)(struct mac *m);
	/* Once a start, after the first halt: finds the interface's address. NULL: nothing to do.
	 */
	enum err (*prepare)(struct mac *m);
	/* Sets up the halted controller and its rings. ERR_NOMEM: no buffer to receive into. */
	enum err (*set_up)(struct mac *m);
	/* Lets it go. */
	void (*go)(struct mac *m);
	/* The handler: turns its interrupts off, then calls mac_interrupted(). */
	void (*interrupt)(void *mac);
	/* After each look at the link. If it has just come, m->phy.link says what it is like. */
	void (*looked)(struct mac *m, bool has_come);
};

/* Descriptors to send. Indices count without end; a place is the rest by the ring's size. */
struct mac_tx {
	uint16_t done;      /* the next that the controller will be done with */
	uint16_t next;      /* the next that it will be given */
	uint16_t published; /* as far as it was told of `next` */
	bool blocked;       /* a send was refused: the tx waker is owed */
};

struct mac {
	struct netif nif;
	/* Set by the driver's init function, to stay. */
	const struct mac_ops *ops;
	struct phy_config phy_config; /* whose functions get the struct mac */
	struct irq_chip *irq;
	uint32_t line;       /* of `irq`, active high */
	struct timer *timer; /* the driver's own: its alarm is set here */
	struct pkt_pool *rx_pool;

	struct phy phy;
	struct mac_tx tx;
	const char *fault; /* what the controller did that it must not, or NULL */
	uint32_t resets_left;
	uint64_t rx_at_reset; /* stats.rx_packets at the last reset */
	bool attached;        /* the interrupt handler is */
	bool running;         /* between start and stop, and not given up */
	bool stuck;           /* it did not stop: it may still write to its packets */
	volatile bool armed;  /* the controller may interrupt. The handler takes it away */
	volatile bool link_due;
	volatile uint32_t strays;
};

static inline struct mac *mac_of(struct netif *nif)
{
	return container_of(nif, struct mac, nif);
}

/* Of struct netif_ops. mac_start() sets no features. */
enum err mac_start(struct netif *nif);
void mac_stop(struct netif *nif);

/* Notes that the controller is at fault; what is said first counts. */
void mac_fail(struct mac *m, const char *fault);

/*
 * What is done once for a batch, after the driver's own part: looks at the link if that is due, and
 * sets a controller that is at fault up again, or gives it up.
 */
void mac_end_batch(struct mac *m);

/*
 * For the handler, behind its turning all interrupts off: tells the loop. One that comes though all
 * are turned off is no work: if that does not end, the line is turned off, too.
 */
void mac_interrupted(struct mac *m);

/* Waits for so long. */
void mac_delay(struct mac *m, uint32_t us);

/* Whether a station can have it: it is no group's, and not zero. */
MUST_USE bool mac_is_station(const uint8_t address[static 6]);

/* The address that is in two registers, its first byte the lowest; the same. */
MUST_USE bool mac_from_registers(uint8_t address[static 6], uint32_t low, uint32_t high);

#endif
