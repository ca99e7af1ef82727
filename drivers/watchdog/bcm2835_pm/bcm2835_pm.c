/* SPDX-License-Identifier: ISC */
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"

#include "arch/mmio.h"
#include "base/assert.h"

/* Registers. Writes count only with the password in the upper byte. */
#define PM_RSTC            0x1c
#define PM_RSTC_MODE       0x30u
#define PM_RSTC_FULL_RESET 0x20u
#define PM_RSTS            0x20
#define PM_RSTS_PARTITION                                                                          \
	0x555u /* every other bit: that number is the firmware's word for halt                     \
		*/
#define PM_WDOG     0x24
#define PM_PASSWORD 0x5a000000u

enum { TICKS_PER_SECOND = 65536, SOON_TICKS = 10 };

static void start(uintptr_t base, uint32_t ticks)
{
	uint32_t control = mmio_read32(base + PM_RSTC) & ~PM_RSTC_MODE & 0xffffff;

	mmio_write32(base + PM_WDOG, PM_PASSWORD | ticks);
	mmio_write32(base + PM_RSTC, PM_PASSWORD | control | PM_RSTC_FULL_RESET);
}

void bcm2835_watchdog_start(uintptr_t base, uint32_t us)
{
	assert(us <= BCM2835_WATCHDOG_US_MAX);
	start(base, (uint32_t)((uint64_t)us * TICKS_PER_SECOND / 1000000));
}

void bcm2835_watchdog_stop(uintptr_t base)
{
	uint32_t control = mmio_read32(base + PM_RSTC) & ~PM_RSTC_MODE & 0xffffff;

	mmio_write32(base + PM_RSTC, PM_PASSWORD | control);
}

void bcm2835_pm_restart(uintptr_t base)
{
	start(base, SOON_TICKS);
}

void bcm2835_pm_off(uintptr_t base)
{
	uint32_t status = mmio_read32(base + PM_RSTS) & 0xffffff;

	mmio_write32(base + PM_RSTS, PM_PASSWORD | status | PM_RSTS_PARTITION);
	start(base, SOON_TICKS);
}
