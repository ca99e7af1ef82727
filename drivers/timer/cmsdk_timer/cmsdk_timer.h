/* SPDX-License-Identifier: ISC */
/*
 * The timers of Arm's Cortex-M System Design Kit as one: the dual timer is the clock, which runs
 * free and interrupts when its 32 bits are over, the APB timer the alarm.
 *
 * So time does not depend on when the alarm is set, and nothing ticks. Time zero is
 * cmsdk_timer_begin(). Both run at the same rate; the counters stop in no sleep of the core.
 */
#ifndef DRIVERS_TIMER_CMSDK_TIMER_CMSDK_TIMER_H
#define DRIVERS_TIMER_CMSDK_TIMER_CMSDK_TIMER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/scale.h"
#include "hal/irq.h"
#include "hal/timer.h"

struct cmsdk_timer {
	struct timer timer;
	uintptr_t clock, alarm;
	volatile uint32_t wraps; /* of the clock, counted by its interrupt */
	struct scale scale;
};

/* Where they are; the clock's line and the alarm's. */
struct cmsdk_timer_place {
	uintptr_t clock, alarm;
	uint32_t clock_line, alarm_line;
	uint32_t hz;
};

/* Starts the clock at `clock`, the dual timer. Once, when the image is entered. */
void cmsdk_timer_begin(uintptr_t clock);

/*
 * Initialises `t`, which belongs to the caller, disarmed, over a clock that runs for less than 2^32
 * ticks, and attaches both interrupts. ERR_UNSUPPORTED under 1 MHz; errors of irq_attach().
 */
MUST_USE enum err cmsdk_timer_init(struct cmsdk_timer *t, const struct cmsdk_timer_place *at,
				   struct irq_chip *chip);

#endif
