/* SPDX-License-Identifier: ISC */
/*
 * The SDHOST of the Raspberry Pi 1 to 3 and Zero as struct sd_host, with data moved by the
 * processor: the second controller for the card, which leaves the standard one to the wireless
 * chip.
 *
 * Its FIFO holds 16 words, so that poll follows the data of a transfer as long as they come without
 * a gap of many microseconds, a bounded number of blocks; for a gap it turns the interrupt on. The
 * handler takes note of the reason, turns interrupts off and wakes. Nothing interrupts when a
 * command has ended: it is polled for.
 */
#ifndef DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_H
#define DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_H

#include "drivers/block/sd/sd_host.h"
#include "hal/irq.h"

enum bcm2835_sdhost_phase { SDHOST_COMMANDS, SDHOST_MOVES, SDHOST_SETTLES, SDHOST_WAITS };

struct bcm2835_sdhost {
	struct sd_host host;
	uintptr_t base;
	uint32_t core_hz;
	struct irq_chip *irq;
	uint32_t line;
	bool attached;
	volatile uint32_t seen; /* reasons of interrupts, since the command began */
	uint32_t config;
	uint8_t phase;              /* enum bcm2835_sdhost_phase, of the command under way */
	struct sd_command *command; /* or NULL */
	uint32_t *next;             /* word of the data */
	uint32_t words_left;
};

/*
 * Prepares the controller with its registers (84 bytes) at `base`, whose clock is divided from
 * `core_hz`. Does not touch it before the start.
 */
struct sd_host *bcm2835_sdhost_init(struct bcm2835_sdhost *s, uintptr_t base, uint32_t core_hz,
				    struct irq_chip *irq, uint32_t line, struct timer *timer);

#endif
