/* SPDX-License-Identifier: ISC */
/* The real driver with the fake's chips below it: arch/mmio.h is kept out and replaced. */
#define ARCH_MMIO_H

#include "tests/fakes/cfi_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return cfi_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	cfi_fake_write(address, value);
}

#include "drivers/flash/cfi/cfi.c"
