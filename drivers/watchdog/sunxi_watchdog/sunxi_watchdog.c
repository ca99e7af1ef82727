/* SPDX-License-Identifier: ISC */
#include "drivers/watchdog/sunxi_watchdog/sunxi_watchdog.h"

#include "arch/mmio.h"
#include "base/attr.h"

#define WDOG_CONTROL      0x10
#define WDOG_CONTROL_FEED (0xa57u << 1 | 1)

#define WDOG_CONFIG       0x14
#define WDOG_CONFIG_RESET 1u /* of everything, not an interrupt */

#define WDOG_MODE       0x18
#define WDOG_MODE_ON    1u
#define WDOG_MODE_SHIFT 4

/* By the field of WDOG_MODE. */
static const uint16_t times_ms[] = {500,  1000, 2000,  3000,  4000,  5000,
				    6000, 8000, 10000, 12000, 14000, 16000};

static uintptr_t base_of(const struct watchdog *w)
{
	return container_of(w, const struct sunxi_watchdog, watchdog)->base;
}

static void feed(struct watchdog *w)
{
	mmio_write32(base_of(w) + WDOG_CONTROL, WDOG_CONTROL_FEED);
}

static void start(struct watchdog *w, uint32_t timeout_ms)
{
	uint32_t i = 0;

	while (times_ms[i] < timeout_ms) /* the last is timeout_ms_max */
		i++;
	mmio_write32(base_of(w) + WDOG_CONFIG, WDOG_CONFIG_RESET);
	mmio_write32(base_of(w) + WDOG_MODE, i << WDOG_MODE_SHIFT | WDOG_MODE_ON);
	feed(w);
}

static void stop(struct watchdog *w)
{
	mmio_write32(base_of(w) + WDOG_MODE, 0);
}

static bool has_reset(struct watchdog *w)
{
	(void)w;
	return false;
}

static const struct watchdog_ops sunxi_watchdog_ops = {
	.start = start,
	.feed = feed,
	.stop = stop,
	.has_reset = has_reset,
};

struct watchdog *sunxi_watchdog_init(struct sunxi_watchdog *w, uintptr_t base)
{
	*w = (struct sunxi_watchdog){
		.watchdog = {.ops = &sunxi_watchdog_ops,
			     .name = "sunxi_watchdog",
			     .timeout_ms_max = times_ms[ARRAY_SIZE(times_ms) - 1]},
		.base = base,
	};
	return &w->watchdog;
}
