/* SPDX-License-Identifier: ISC */
/* The real driver with the fake's registers below it: arch/mmio.h is kept out and replaced. */
#define ARCH_MMIO_H

#include "tests/fakes/sdhost_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return sdhost_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	sdhost_fake_write(address, value);
}

#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost.c"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_transfer.c"
