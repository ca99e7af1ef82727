/* SPDX-License-Identifier: ISC */
/*
 * A card as a disk over the real drivers of a controller, and fakes below them. What concerns the
 * card runs over each of the controllers.
 */
#ifndef TESTS_UNIT_SD_RIG_H
#define TESTS_UNIT_SD_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost.h"
#include "drivers/block/pl181/pl181.h"
#include "drivers/block/sd/sd_card.h"
#include "drivers/block/sdhci/sdhci.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc.h"
#include "tests/fakes/bcm2835_dma_fake.h"
#include "tests/fakes/pl181_fake.h"
#include "tests/fakes/runtime.h"
#include "tests/fakes/sd_fake.h"
#include "tests/fakes/sd_machine.h"
#include "tests/fakes/sdhci_fake.h"
#include "tests/fakes/sdhost_fake.h"
#include "tests/fakes/sunxi_mmc_fake.h"

enum { SECTOR = 512, SECTORS_MAX = 600 };

extern struct sd_card card;
extern struct block *disk;
extern ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS_MAX * SECTOR];

/* A card in the slot, not started. */
int set_up_sdhci(void **state);
int set_up_sdhost(void **state);
int set_up_sdhost_dma(void **state);
int set_up_sunxi_mmc(void **state);
int set_up_pl181(void **state);
int set_up_pl181_with(const struct pl181_config *config);

/* Stops it; nothing may interrupt any more. */
int tear_down(void **state);
int tear_down_sunxi_mmc(void **state);

/* A request that is not submitted yet; its end is noted. */
struct request {
	struct block_request r;
	enum err result;
	unsigned ended;
};

void prepare(struct request *q, enum block_op op, uint64_t sector, uint32_t count);

/* Has the event loop run until nothing is left to do but to wait for `us`, or for ever. */
void run(uint64_t us);

/* Submits a request for `memory`, runs until it has ended, and returns how. */
enum err transfer(enum block_op op, uint64_t sector, uint32_t count);

void started(void);

/* The same test over each of the controllers, and over the one that can have DMA, with it. */
#define OVER_ALL(test)                                                                             \
	{#test " (sdhci)", test, set_up_sdhci, tear_down, NULL},                                   \
		{#test " (sdhost)", test, set_up_sdhost, tear_down, NULL},                         \
		{#test " (sdhost, dma)", test, set_up_sdhost_dma, tear_down, NULL},                \
		{#test " (pl181)", test, set_up_pl181, tear_down, NULL},                           \
	{                                                                                          \
#test " (sunxi_mmc)", test, set_up_sunxi_mmc, tear_down_sunxi_mmc, NULL            \
	}

int run_register_tests(void);
int run_identify_tests(void);
int run_mmc_tests(void);
int run_transfer_tests(void);
int run_host_tests(void);
int run_pl181_tests(void);

#endif
