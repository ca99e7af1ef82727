/* SPDX-License-Identifier: ISC */
/*
 * The watchdog of Allwinner's chips from the A31 on (H3 datasheet 1.2, section 4.5): it restarts
 * the machine after one of twelve times, from half a second to 16, of which the driver takes the
 * shortest that is not shorter than what it is asked for. It does not say afterwards that it was
 * it.
 *
 * `base` is where its registers (32 bytes) lie. Any context.
 */
#ifndef DRIVERS_WATCHDOG_SUNXI_WATCHDOG_SUNXI_WATCHDOG_H
#define DRIVERS_WATCHDOG_SUNXI_WATCHDOG_SUNXI_WATCHDOG_H

#include <stdint.h>

#include "hal/watchdog.h"

struct sunxi_watchdog {
	struct watchdog watchdog;
	uintptr_t base;
};

/* Does not touch it. */
struct watchdog *sunxi_watchdog_init(struct sunxi_watchdog *w, uintptr_t base);

#endif
