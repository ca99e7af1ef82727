/* SPDX-License-Identifier: ISC */
/*
 * The Ethernet controllers of the LAN9118 family (LAN9115 to LAN9118, LAN9215 to LAN9221) on a bus
 * of 32 bits.
 *
 * The controller has FIFOs and no DMA: the processor writes frames into it word by word, of however
 * many pieces they are, and reads received ones into packets. So a sent packet is free when
 * netif_send() returns, and a transmit pool of one or two is enough. Received frames wait in the
 * controller for a packet to be free; when there is none they are dropped and counted.
 *
 * The PHY negotiates by itself; its interrupt says when the link has changed, which is read and
 * logged at the end of the next receive batch. Every wait is bounded, and what the controller says
 * of lengths is checked against what it can hold: one that lies is reset, and given up after
 * LAN9118_RESETS_MAX times. The struct belongs to the caller and must live as long as the
 * interface.
 */
#ifndef DRIVERS_NET_LAN9118_LAN9118_H
#define DRIVERS_NET_LAN9118_LAN9118_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/netif.h"

enum { LAN9118_RESETS_MAX = 8 };

struct lan9118 {
	struct netif nif;
	uintptr_t base;
	struct irq_chip *chip;
	uint32_t line;
	struct pkt_pool *rx_pool;
	const char *fault;      /* what it did wrong; looked at when a batch ends */
	uint8_t resets;         /* after such faults */
	uint8_t rx_frames;      /* that the FIFO is known to hold … */
	uint16_t rx_bytes;      /* … and so many bytes, checksums included */
	bool running, attached; /* started; its interrupt has its handler */
	bool phy_changed;       /* told by its interrupt */
	bool tx_waits;          /* somebody waits for room in the FIFO */
};

/*
 * Makes an interface of the controller with its registers (256 bytes) at `base`, which interrupts
 * by `line` of `chip`, active high. Nothing is touched before netif_start(), which answers
 * ERR_NODEV if there is no such controller, and ERR_TIMEOUT if it does not come out of its reset.
 */
struct netif *lan9118_init(struct lan9118 *l, uintptr_t base, struct irq_chip *chip, uint32_t line,
			   struct pkt_pool *rx, const char *name);

#endif
