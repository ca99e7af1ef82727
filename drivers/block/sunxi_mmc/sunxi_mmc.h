/* SPDX-License-Identifier: ISC */
/*
 * Allwinner's SD/MMC host controller, as the H3 and its relatives have it, as struct sd_host.
 *
 * Data are moved by the controller's own DMA, which does not see the caches (drivers/dma/dma_sync):
 * a list of descriptors in the struct names the memory of a command. Data of less than a cache
 * line, of which a card's registers are, go over a line in the struct. The clock is divided from
 * the board's 24 MHz alone, and so is no faster: no PLL, and no phases that would have to be found.
 *
 * The interrupt handler takes note that something has happened, turns interrupts off and wakes.
 * Nothing tells whether there is a card: one that is missing does not answer.
 */
#ifndef DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_H
#define DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_H

#include "base/attr.h"
#include "drivers/block/sd/sd_host.h"
#include "hal/irq.h"

enum {
	SUNXI_MMC_DESCS = 16,
	SUNXI_MMC_DESC_BYTES = 32768, /* that one names, at most */
};

struct sunxi_mmc_config {
	uintptr_t base;   /* of its registers, 4 KiB */
	uintptr_t module; /* register of its module clock */
	uint32_t line;
};

/* As the controller reads it, and gives it back. */
struct sunxi_mmc_desc {
	uint32_t status, bytes, buffer, next;
};

struct sunxi_mmc {
	ALIGNED(CACHE_LINE_BYTES) struct sunxi_mmc_desc desc[SUNXI_MMC_DESCS];
	ALIGNED(CACHE_LINE_BYTES) uint8_t line[CACHE_LINE_BYTES]; /* for data of less than one */
	struct sd_host host;
	struct sunxi_mmc_config config;
	struct irq_chip *irq;
	struct sd_command *command; /* or NULL */
	uint32_t waits_for;         /* events */
	uint32_t events;            /* since the command began */
	bool attached;
	bool dma;            /* the data of the command are with the controller */
	volatile bool armed; /* it may interrupt. The handler takes it away */
};

/*
 * Prepares the controller, whose bus clock is on. Does not touch it before the start. The struct is
 * memory below 4 GiB.
 */
struct sd_host *sunxi_mmc_init(struct sunxi_mmc *s, const struct sunxi_mmc_config *config,
			       struct irq_chip *irq, struct timer *timer);

#endif
