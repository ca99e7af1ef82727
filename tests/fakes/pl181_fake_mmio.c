/* SPDX-License-Identifier: ISC */
/* The real driver with the fake's registers below it: arch/mmio.h is kept out and replaced. */
#define ARCH_MMIO_H

#include "tests/fakes/pl181_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return pl181_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	pl181_fake_write(address, value);
}

#include "drivers/block/pl181/pl181.c"
#include "drivers/block/pl181/pl181_transfer.c"
