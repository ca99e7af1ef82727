/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/irqflags.h"
#include "base/assert.h"
#include "boards/soc/mps2/mps2.h"
#include "drivers/irq/nvic/nvic.h"
#include "drivers/timer/cmsdk_timer/cmsdk_timer.h"
#include "hal/board.h"

enum { STATUS_ERROR = 1 };

static struct irq_chip *irq_chip; /* NULL: not asked for yet */

void interrupt(void)
{
	assert(irq_chip != NULL); /* nothing interrupts before there is a controller */
	irq_chip_dispatch(irq_chip);
}

struct irq_chip *mps2_irq_chip(void)
{
	static struct nvic nvic;

	if (irq_chip == NULL) {
		nvic_init(&nvic, MPS2_SCS_BASE, IRQ_PRIORITY);
		irq_chip = &nvic.chip;
		mps2_set_console_irq(irq_chip);
	}
	return irq_chip;
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

	if (timer.timer.ops == NULL && cmsdk_timer_init(&timer, &place, mps2_irq_chip()) != OK) {
		mps2_complain("the timer does not work");
		cpu_exit(STATUS_ERROR);
	}
	return &timer.timer;
}
