/* SPDX-License-Identifier: ISC */
/*
 * Arm's PrimeCell real time clock PL031 (Arm DDI 0224): a counter of seconds, which emulators
 * and firmware set to Unix time. The struct belongs to the caller.
 */
#ifndef DRIVERS_RTC_PL031_PL031_H
#define DRIVERS_RTC_PL031_PL031_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/clock.h"

struct pl031 {
	struct clock clock;
	uintptr_t base;
};

/* Takes the clock with the registers (4 KiB) at `base`. ERR_NODEV if there is no PL031. */
MUST_USE enum err pl031_init(struct pl031 *c, uintptr_t base);

#endif
