/* SPDX-License-Identifier: ISC */
/*
 * The clock of the PC: an MC146818 or its descendant behind ports 0x70 and 0x71. It keeps
 * calendar time, which is taken to be UTC. The struct belongs to the caller.
 */
#ifndef DRIVERS_RTC_CMOS_RTC_CMOS_RTC_H
#define DRIVERS_RTC_CMOS_RTC_CMOS_RTC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/clock.h"

struct cmos_rtc {
	struct clock clock;
};

/* Takes the clock. ERR_NODEV if the machine has none. */
MUST_USE enum err cmos_rtc_init(struct cmos_rtc *c);

/* The registers of one moment, as they are read. */
struct cmos_rtc_registers {
	uint8_t second, minute, hour, day, month, year, century;
	uint8_t status_b; /* the format of the others */
};

/*
 * What the registers say in seconds since 1970-01-01 00:00 UTC; ERR_NOTREADY if they hold no date
 * from 2000 to 2199. Pure: tested on the build machine.
 */
MUST_USE enum err cmos_rtc_decode(const struct cmos_rtc_registers *r, uint64_t *unix_s);

#endif
