/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/irqflags.h"
#include "boards/common/common.h"
#include "boards/soc/mps2/mps2.h"
#include "drivers/irq/nvic/nvic.h"
#include "drivers/timer/cmsdk_timer/cmsdk_timer.h"
#include "hal/board.h"

struct irq_chip *mps2_irq_chip(void)
{
	static struct nvic nvic;

	if (board_irq_root == NULL) {
		nvic_init(&nvic, MPS2_SCS_BASE, IRQ_PRIORITY);
		board_irq_root = &nvic.chip;
		if (console_is_read)
			mps2_set_console_irq(board_irq_root);
	}
	return board_irq_root;
}

struct timer *board_timer(void)
{
	static const struct cmsdk_timer_place place = {
		.clock = MPS2_DUAL_BASE,
		.alarm = MPS2_TIMER_BASE,
		.clock_line = MPS2_LINE_DUAL,
		.alarm_line = MPS2_LINE_TIMER,
		.hz = MPS2_HZ,
	};
	static struct cmsdk_timer timer;

	if (timer.timer.ops == NULL && cmsdk_timer_init(&timer, &place, mps2_irq_chip()) != OK)
		board_give_up("the timer does not work");
	return &timer.timer;
}
