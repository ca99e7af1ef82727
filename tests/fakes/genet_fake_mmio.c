/* SPDX-License-Identifier: ISC */
/*
 * The real driver with the fake's registers below it: arch/mmio.h and arch/cache.h are kept out and
 * replaced.
 */
#define ARCH_MMIO_H

#include "tests/fakes/cache_fake.h"
#include "tests/fakes/genet_fake.h"

static inline uint32_t mmio_read32(uintptr_t address)
{
	return genet_fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	genet_fake_write(address, value);
}

#include "drivers/net/genet/genet.c"
#include "drivers/net/genet/genet_mac.c"
#include "drivers/net/genet/genet_phy.c"
#include "drivers/net/genet/genet_rx.c"
#include "drivers/net/genet/genet_tx.c"
