/* SPDX-License-Identifier: ISC */
/*
 * A channel of the BCM2835's DMA controller in memory, which moves words between memory and the
 * SDHOST of sdhost_fake.h while that asks for them. bcm2835_dma_fake_mmio.c holds the real driver
 * with its accesses led here.
 */
#ifndef TESTS_FAKES_BCM2835_DMA_FAKE_H
#define TESTS_FAKES_BCM2835_DMA_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { DMA_FAKE_BASE = 0x7500 };
#define DMA_FAKE_BUS_OFFSET 0xc0000000u
#define DMA_FAKE_SDHOST     0x7e202000u

struct bcm2835_dma_fake {
	/* Set by the test. */
	bool fails; /* at the first word */

	uint32_t cs, block, left; /* registers */
	uint32_t moved;           /* words, in all */
	unsigned resets;
};

extern struct bcm2835_dma_fake bcm2835_dma_fake;

void bcm2835_dma_fake_init(void);
bool bcm2835_dma_fake_interrupts(void);
uint32_t bcm2835_dma_fake_read(uintptr_t address);
void bcm2835_dma_fake_write(uintptr_t address, uint32_t value);

#endif
