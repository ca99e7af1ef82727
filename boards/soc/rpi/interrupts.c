/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "boards/common/common.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

struct irq_chip *rpi_irq_chip(void)
{
	if (board_irq_root == NULL) {
		board_irq_root = rpi_chip_irq();
		if (board_irq_root == NULL)
			board_give_up("the interrupt controller does not work");
		if (console_is_read)
			rpi_set_console_irq(board_irq_root);
	}
	return board_irq_root;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, ARM_TIMER_VIRTUAL, rpi_irq_chip(), rpi_chip.timer_line) != OK)
		board_give_up("the timer does not work");
	return &timer.timer;
}
