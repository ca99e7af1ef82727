/* SPDX-License-Identifier: ISC */
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"

#include "arch/mmio.h"
#include "base/attr.h"

/* Registers. Writes count only with the password in the upper byte. */
#define PM_RSTC             0x1c
#define PM_RSTC_MODE        0x30u
#define PM_RSTC_FULL_RESET  0x20u
#define PM_RSTS             0x20
#define PM_RSTS_BY_WATCHDOG 0x20u  /* the last reset was such a full one */
#define PM_RSTS_PARTITION   0x555u /* every other bit: that number is the firmware's for halt */
#define PM_WDOG             0x24
#define PM_VALUE            0xffffffu
#define PM_PASSWORD         0x5a000000u

enum { TICKS_PER_SECOND = 65536, TICKS_MAX = 0xfffff, SOON_TICKS = 10, MS_PER_SECOND = 1000 };

static void set_mode(uintptr_t base, uint32_t mode)
{
	uint32_t control = mmio_read32(base + PM_RSTC) & ~PM_RSTC_MODE & PM_VALUE;

	mmio_write32(base + PM_RSTC, PM_PASSWORD | control | mode);
}

static void start(uintptr_t base, uint32_t ticks)
{
	mmio_write32(base + PM_WDOG, PM_PASSWORD | ticks);
	set_mode(base, PM_RSTC_FULL_RESET);
}

/* --- as hal/watchdog.h ------------------------------------------------------------------------ */

static struct bcm2835_watchdog *self_of(struct watchdog *w)
{
	return container_of(w, struct bcm2835_watchdog, watchdog);
}

static void feed(struct watchdog *w)
{
	mmio_write32(self_of(w)->base + PM_WDOG, PM_PASSWORD | self_of(w)->ticks);
}

static void start_watching(struct watchdog *w, uint32_t timeout_ms)
{
	struct bcm2835_watchdog *self = self_of(w);

	self->ticks = (uint32_t)((uint64_t)timeout_ms * TICKS_PER_SECOND / MS_PER_SECOND);
	start(self->base, self->ticks);
}

static void stop(struct watchdog *w)
{
	set_mode(self_of(w)->base, 0);
}

static bool has_reset(struct watchdog *w)
{
	return (mmio_read32(self_of(w)->base + PM_RSTS) & PM_RSTS_BY_WATCHDOG) != 0;
}

struct watchdog *bcm2835_watchdog_init(struct bcm2835_watchdog *w, uintptr_t base)
{
	static const struct watchdog_ops ops = {
		.start = start_watching,
		.feed = feed,
		.stop = stop,
		.has_reset = has_reset,
	};

	*w = (struct bcm2835_watchdog){
		.watchdog = {.ops = &ops,
			     .name = "watchdog",
			     .timeout_ms_max = (uint64_t)TICKS_MAX * MS_PER_SECOND /
					       TICKS_PER_SECOND},
		.base = base,
	};
	return &w->watchdog;
}

/* --- the end ---------------------------------------------------------------------------------- */

void bcm2835_pm_restart(uintptr_t base)
{
	start(base, SOON_TICKS);
}

void bcm2835_pm_off(uintptr_t base)
{
	uint32_t status = mmio_read32(base + PM_RSTS) & PM_VALUE;

	mmio_write32(base + PM_RSTS, PM_PASSWORD | status | PM_RSTS_PARTITION);
	start(base, SOON_TICKS);
}
