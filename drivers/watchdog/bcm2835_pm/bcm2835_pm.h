/* SPDX-License-Identifier: ISC */
/*
 * The watchdog of the BCM2835 to BCM2711, which is also what restarts and powers off a Raspberry Pi
 * (registers as Linux's bcm2835_wdt has them): 20 bits that count 1/65536 s, 16 seconds at most.
 *
 * `base` is where its registers (4 KiB) lie. Any context.
 */
#ifndef DRIVERS_WATCHDOG_BCM2835_PM_BCM2835_PM_H
#define DRIVERS_WATCHDOG_BCM2835_PM_BCM2835_PM_H

#include <stdint.h>

#include "hal/watchdog.h"

struct bcm2835_watchdog {
	struct watchdog watchdog;
	uintptr_t base;
	uint32_t ticks; /* that it was started with */
};

/*
 * Does not touch it. That the machine was last started by the watchdog is also so after
 * bcm2835_pm_restart(), and after a restart by any other system.
 */
struct watchdog *bcm2835_watchdog_init(struct bcm2835_watchdog *w, uintptr_t base);

/*
 * Restarts the machine at once; it takes effect within some milliseconds. After the second the
 * firmware stays halted instead of starting the image again: no Pi can turn its supply off.
 */
void bcm2835_pm_restart(uintptr_t base);
void bcm2835_pm_off(uintptr_t base);

#endif
