/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timers, for the images that ask for them.
 */
#include "boards/common/common.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

struct irq_chip *h3_irq_chip(void)
{
	static struct gicv2 gic;
	static struct irq_line lines[H3_LINES];

	if (board_irq_root == NULL) {
		if (gicv2_init(&gic, H3_GIC_DISTRIBUTOR, H3_GIC_CPU, lines, H3_LINES) != OK)
			board_give_up("the interrupt controller does not work");
		board_irq_root = &gic.chip;
		if (console_is_read)
			h3_console_set_irq(board_irq_root);
	}
	return board_irq_root;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, ARM_TIMER_VIRTUAL, h3_irq_chip(), H3_LINE_TIMER_VIRTUAL) != OK)
		board_give_up("the timer does not work");
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
