/* SPDX-License-Identifier: ISC */
/*
 * The watchdog of the BCM2835 to BCM2711, which is also what restarts and powers off a Raspberry Pi
 * (registers as Linux's bcm2835_wdt has them).
 *
 * No state but the device's. `base` is where its registers (4 KiB) lie. Any context.
 */
#ifndef DRIVERS_WATCHDOG_BCM2835_PM_BCM2835_PM_H
#define DRIVERS_WATCHDOG_BCM2835_PM_BCM2835_PM_H

#include <stdint.h>

/* The longest time that it can be given: 20 bits of 1/65536 s. */
#define BCM2835_WATCHDOG_US_MAX UINT32_C(15999984)

/*
 * Restarts the machine in `us` microseconds, at most BCM2835_WATCHDOG_US_MAX, unless it is told
 * again before: to go on for as long, or to stop.
 */
void bcm2835_watchdog_start(uintptr_t base, uint32_t us);
void bcm2835_watchdog_stop(uintptr_t base);

/*
 * Restarts the machine at once; it takes effect within some milliseconds. After the second the
 * firmware stays halted instead of starting the image again: no Pi can turn its supply off.
 */
void bcm2835_pm_restart(uintptr_t base);
void bcm2835_pm_off(uintptr_t base);

#endif
