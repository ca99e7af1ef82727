/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include <stdbool.h>

#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/irq/gicv3/gicv3.h"
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
	qemu_virt_complain(message);
	cpu_exit(STATUS_ERROR);
}

static enum err init_gic(const struct machine *m)
{
	static union {
		struct gicv2 v2;
		struct gicv3 v3;
	} gic;
	static struct irq_line lines[MACHINE_LINES];

	if (m->gic == MACHINE_GIC_V2) {
		irq_chip = &gic.v2.chip;
		return gicv2_init(&gic.v2, m->gic_distributor.start, m->gic_cpu.start, lines,
				  MACHINE_LINES);
	}
	irq_chip = &gic.v3.chip;
	return gicv3_init(&gic.v3, m->gic_distributor.start, m->gic_cpu.start, m->gic_cpu.bytes,
			  lines, MACHINE_LINES);
}

struct irq_chip *qemu_virt_irq_chip(void)
{
	if (irq_chip == NULL) {
		if (init_gic(&qemu_virt_machine) != OK)
			give_up("the interrupt controller does not work");
		qemu_virt_set_console_irq(irq_chip);
	}
	return irq_chip;
}

struct timer *board_timer(void)
{
	static struct arm_timer timer;
	const struct machine *m = &qemu_virt_machine;
	bool has_virtual = m->timer_virtual_line != 0;

	if (timer.timer.ops == NULL &&
	    arm_timer_init(&timer, has_virtual ? ARM_TIMER_VIRTUAL : ARM_TIMER_PHYSICAL,
			   qemu_virt_irq_chip(),
			   has_virtual ? m->timer_virtual_line : m->timer_physical_line) != OK)
		give_up("the timer does not work");
	return &timer.timer;
}
