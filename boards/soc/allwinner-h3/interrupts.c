/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timers, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

enum { STATUS_ERROR = 1 };

static struct irq_chip *irq_chip; /* NULL: not asked for yet */

void interrupt(void)
{
	assert(irq_chip != NULL); /* nothing interrupts before there is a controller */
	irq_chip_dispatch(irq_chip);
}

NORETURN static void give_up(const char *message)
{
	h3_complain(message);
	cpu_exit(STATUS_ERROR);
}

struct irq_chip *h3_irq_chip(void)
{
	static struct gicv2 gic;
	static struct irq_line lines[H3_LINES];

	if (irq_chip == NULL) {
		if (gicv2_init(&gic, H3_GIC_DISTRIBUTOR, H3_GIC_CPU, lines, H3_LINES) != OK)
			give_up("the interrupt controller does not work");
		irq_chip = &gic.chip;
		h3_console_set_irq(irq_chip);
	}
	return irq_chip;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, ARM_TIMER_VIRTUAL, h3_irq_chip(), H3_LINE_TIMER_VIRTUAL) != OK)
		give_up("the timer does not work");
	return &timer.timer;
}

struct timer *h3_second_timer(void)
{
	static struct arm_timer alarm;

	if (alarm.timer.ops == NULL &&
	    arm_timer_init(&alarm, ARM_TIMER_PHYSICAL, h3_irq_chip(), H3_LINE_TIMER_PHYSICAL) != OK)
		return NULL;
	return &alarm.timer;
}
