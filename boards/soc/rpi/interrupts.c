/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/rpi/rpi.h"
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
	rpi_complain(message);
	cpu_exit(STATUS_ERROR);
}

struct irq_chip *rpi_irq_chip(void)
{
	if (irq_chip == NULL) {
		irq_chip = rpi_chip_irq();
		if (irq_chip == NULL)
			give_up("the interrupt controller does not work");
		rpi_set_console_irq(irq_chip);
	}
	return irq_chip;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, ARM_TIMER_VIRTUAL, rpi_irq_chip(), rpi_chip.timer_line) != OK)
		give_up("the timer does not work");
	return &timer.timer;
}
