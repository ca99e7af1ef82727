/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "boards/common/common.h"
#include "boards/soc/vexpress/vexpress.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

struct irq_chip *vexpress_irq_chip(void)
{
	static struct gicv2 gic;
	static struct irq_line lines[VEXPRESS_LINES];

	if (board_irq_root == NULL) {
		if (gicv2_init(&gic, VEXPRESS_GIC_DISTRIBUTOR, VEXPRESS_GIC_CPU, lines,
			       VEXPRESS_LINES) != OK)
			board_give_up("the interrupt controller does not work");
		board_irq_root = &gic.chip;
		if (console_is_read)
			vexpress_set_console_irq(board_irq_root);
	}
	return board_irq_root;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, ARM_TIMER_VIRTUAL, vexpress_irq_chip(),
			   VEXPRESS_LINE_TIMER_VIRTUAL) != OK)
		board_give_up("the timer does not work");
	return &timer.timer;
}
