/* SPDX-License-Identifier: ISC */
/*
 * The real driver with the fake's registers below it: arch/mmio.h and arch/cache.h are kept out and
 * replaced.
 */
#define ARCH_MMIO_H

#include "tests/fakes/cache_fake.h"
#include "tests/fakes/sun8i_emac_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return sun8i_emac_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	sun8i_emac_fake_write(address, value);
}

#include "drivers/net/sun8i_emac/sun8i_emac.c"
#include "drivers/net/sun8i_emac/sun8i_emac_mac.c"
#include "drivers/net/sun8i_emac/sun8i_emac_rx.c"
#include "drivers/net/sun8i_emac/sun8i_emac_tx.c"
