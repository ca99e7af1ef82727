/* SPDX-License-Identifier: ISC */
/*
 * The SDHOST of the Raspberry Pi 1 to 3 and Zero as struct sd_host: the second controller for the
 * card, which leaves the standard one to the wireless chip.
 *
 * More blocks than one are moved by a channel of the DMA controller, if the board gives one; else,
 * and for a single one, the processor does it: the FIFO holds 16 words, so that poll follows the
 * data as long as they come without a gap of many microseconds, a bounded number of blocks; for a
 * gap it turns the interrupt on. The handler takes note of the reason, turns interrupts off and
 * wakes. Nothing interrupts when a command has ended: it is polled for.
 */
#ifndef DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_H
#define DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_H

#include "drivers/block/sd/sd_host.h"
#include "drivers/dma/bcm2835_dma/bcm2835_dma.h"
#include "hal/irq.h"

/* What a command goes through; without data, or without DMA, not all of it. */
enum bcm2835_sdhost_phase {
	SDHOST_COMMANDS,
	SDHOST_DMA,
	SDHOST_MOVES,
	SDHOST_SETTLES,
	SDHOST_WAITS
};

struct bcm2835_sdhost_config {
	uintptr_t base; /* of its registers, 84 bytes */
	uint32_t core_hz;
	uint32_t line;
	struct bcm2835_dma *dma; /* initialised; or NULL */
	uint32_t bus_address;    /* of the registers, as DMA sees them */
};

struct bcm2835_sdhost {
	struct sd_host host;
	struct bcm2835_sdhost_config config;
	struct irq_chip *irq;
	bool attached;
	volatile uint32_t seen;     /* reasons of interrupts, since the command began */
	uint32_t mode;              /* the register CONFIG, without reasons to interrupt */
	uint8_t phase;              /* enum bcm2835_sdhost_phase, of the command under way */
	struct sd_command *command; /* or NULL */
	uint32_t *next;             /* word of the data */
	uint32_t words_left, dma_words;
};

/*
 * Prepares the controller, whose clock is divided from core_hz. Does not touch it before the start.
 */
struct sd_host *bcm2835_sdhost_init(struct bcm2835_sdhost *s,
				    const struct bcm2835_sdhost_config *config,
				    struct irq_chip *irq, struct timer *timer);

#endif
