/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/zynqmp/zynqmp.h"
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
	zynqmp_complain(message);
	cpu_exit(STATUS_ERROR);
}

struct irq_chip *zynqmp_irq_chip(void)
{
	static struct gicv2 gic;
	static struct irq_line lines[ZYNQMP_LINES];

	if (irq_chip == NULL) {
		if (gicv2_init(&gic, ZYNQMP_GIC_DISTRIBUTOR, ZYNQMP_GIC_CPU, lines, ZYNQMP_LINES) !=
		    OK)
			give_up("the interrupt controller does not work");
		irq_chip = &gic.chip;
		zynqmp_set_console_irq(irq_chip);
	}
	return irq_chip;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;

	if (timer.timer.ops == NULL && arm_timer_init(&timer, ARM_TIMER_VIRTUAL, zynqmp_irq_chip(),
						      ZYNQMP_TIMER_VIRTUAL) != OK)
		give_up("the timer does not work");
	return &timer.timer;
}
