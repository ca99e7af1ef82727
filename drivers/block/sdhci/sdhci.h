/* SPDX-License-Identifier: ISC */
/*
 * A standard SD host controller as struct sd_host, with data moved by the processor: the Arasan
 * controller of the Raspberry Pi 1 to 3 ("EMMC"), which has no DMA of its own, and others by flags.
 *
 * The interrupt handler turns all signals off and wakes; sdhci's poll looks at what has happened,
 * moves the blocks that are there, a bounded number, and turns the signals on again. Registers are
 * only accessed in words of 32 bits.
 */
#ifndef DRIVERS_BLOCK_SDHCI_SDHCI_H
#define DRIVERS_BLOCK_SDHCI_SDHCI_H

#include "drivers/block/sd/sd_host.h"
#include "hal/irq.h"

enum {
	/* A write soon after another is lost: there must be two clocks of the card between
	   (Arasan). */
	SDHCI_SLOW_WRITES = 1,
	/* The register of capabilities is empty; the board knows. */
	SDHCI_NO_CAPABILITIES = 2,
	/* Nothing tells the controller whether there is a card. */
	SDHCI_NO_DETECT = 4,
};

struct sdhci_config {
	uintptr_t base;   /* of the registers, 256 bytes */
	uint32_t base_hz; /* of the clock that is divided; 0: as the capabilities say */
	uint32_t line;
	uint8_t flags;
};

struct sdhci {
	struct sd_host host;
	struct sdhci_config config;
	struct irq_chip *irq;
	bool attached;
	volatile bool armed; /* signals are on; the interrupt handler turns them off */
	uint8_t version;
	uint32_t base_hz, control;
	uint32_t gap_us; /* between two writes */
	uint64_t last_write_us;
	struct sd_command *command; /* under way, or NULL */
	uint32_t waits_for;         /* bits of the status that are still to come */
	uint32_t blocks_left;
	uint8_t *next; /* where the next block goes to, or comes from */
};

/* Prepares the controller. Does not touch it before the start. */
struct sd_host *sdhci_init(struct sdhci *s, const struct sdhci_config *config, struct irq_chip *irq,
			   struct timer *timer);

#endif
