/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controllers and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

enum { STATUS_ERROR = 1 };

static struct irq_chip *irq_chip; /* NULL: not asked for yet */

void interrupt(void)
{
	assert(irq_chip != NULL); /* nothing interrupts before there is a controller */
	irq_chip_dispatch(irq_chip);
}

struct irq_chip *bcm2836_irq_chip(void)
{
	static struct bcm2836_irq controller;

	if (irq_chip == NULL) {
		bcm2836_irq_init(&controller, BCM2836_ARMCTRL_BASE, BCM2836_LOCAL_BASE);
		irq_chip = &controller.chip;
		bcm2836_set_console_irq(irq_chip);
	}
	return irq_chip;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL && arm_timer_init(&timer, ARM_TIMER_VIRTUAL, bcm2836_irq_chip(),
						      BCM2836_TIMER_VIRTUAL) != OK) {
		bcm2836_complain("the timer does not work");
		cpu_exit(STATUS_ERROR);
	}
	return &timer.timer;
}
