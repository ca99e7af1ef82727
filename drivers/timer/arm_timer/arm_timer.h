/* SPDX-License-Identifier: ISC */
/*
 * Arm's generic timer: the counter of the system and this core's virtual or physical timer.
 *
 * Time zero is the image's entry. The counter has at least 56 bits and does not stop in WFI.
 */
#ifndef DRIVERS_TIMER_ARM_TIMER_ARM_TIMER_H
#define DRIVERS_TIMER_ARM_TIMER_ARM_TIMER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/scale.h"
#include "hal/irq.h"
#include "hal/timer.h"

enum arm_timer_kind {
	ARM_TIMER_VIRTUAL,  /* what a guest, or a kernel that the hypervisor level was left to, has
			     */
	ARM_TIMER_PHYSICAL, /* where the virtual timer has no interrupt */
};

struct arm_timer {
	struct timer timer;
	enum arm_timer_kind kind;
	uint64_t zero; /* the counter at time zero */
	struct scale scale;
};

/*
 * Initialises `t`, which belongs to the caller, disarmed, and attaches its interrupt to `line` of
 * `chip`, level-triggered. ERR_UNSUPPORTED if firmware left a frequency under 1 MHz in CNTFRQ;
 * ERR_RANGE and ERR_EXISTS from irq_attach().
 */
MUST_USE enum err arm_timer_init(struct arm_timer *t, enum arm_timer_kind kind,
				 struct irq_chip *chip, uint32_t line);

#endif
