/* SPDX-License-Identifier: ISC */
/* The real driver with the fake's registers below it: arch/mmio.h is kept out and replaced. */
#define ARCH_MMIO_H

#include "tests/fakes/bcm2835_dma_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return bcm2835_dma_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	bcm2835_dma_fake_write(address, value);
}

#include "drivers/dma/bcm2835_dma/bcm2835_dma.c"
