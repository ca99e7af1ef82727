/* SPDX-License-Identifier: ISC */
/*
 * The real driver with the fake's registers below it: arch/mmio.h and arch/cache.h are kept out and
 * replaced.
 */
#define ARCH_MMIO_H

#include "tests/fakes/cache_fake.h"
#include "tests/fakes/sunxi_mmc_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return sunxi_mmc_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	sunxi_mmc_fake_write(address, value);
}

#include "drivers/block/sunxi_mmc/sunxi_mmc.c"
#include "drivers/block/sunxi_mmc/sunxi_mmc_transfer.c"
