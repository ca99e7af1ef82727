/* SPDX-License-Identifier: ISC */
/*
 * Allwinner's SD/MMC host controller in memory, with the card of sd_fake.h. Data and descriptors it
 * moves as a device that does not see the caches (tests/fakes/cache_fake.h). sunxi_mmc_fake_mmio.c
 * holds the real driver with its accesses led here.
 */
#ifndef TESTS_FAKES_SUNXI_MMC_FAKE_H
#define TESTS_FAKES_SUNXI_MMC_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { MMC_FAKE_BASE = 0x1c0f000, MMC_FAKE_MODULE = MMC_FAKE_BASE + 0x100 };

struct sunxi_mmc_fake {
	/* Set by the test. */
	bool silent;      /* nothing ever happens after a command */
	bool never_takes; /* a command, nor the settings of the clock */
	bool never_resets;
	bool damages_answers;
	bool ends_early; /* it says that all data are there before they are */
	bool dma_fails;
	unsigned data_late; /* looks at the events until data begin to move */
	unsigned dma_late;  /* looks at the DMA's events until data that were read are in memory */
	unsigned busy_left; /* looks at the status until the card is not busy any more */

	uint32_t regs[0x104 / 4];
	uint32_t hz; /* of the card; 0: it does not run */
	unsigned index, resets;
	unsigned data_left; /* of data_late; 0: none are to move */
};

extern struct sunxi_mmc_fake sunxi_mmc_fake;

void sunxi_mmc_fake_init(void);
void sunxi_mmc_fake_fini(void);
uint32_t sunxi_mmc_fake_read(uintptr_t address);
void sunxi_mmc_fake_write(uintptr_t address, uint32_t value);

#endif
