/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include <stdbool.h>

#include "boards/common/common.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/irq/gicv3/gicv3.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

static enum err init_gic(const struct machine *m)
{
	static union {
		struct gicv2 v2;
		struct gicv3 v3;
	} gic;
	static struct irq_line lines[MACHINE_LINES];

	if (m->gic == MACHINE_GIC_V2) {
		board_irq_root = &gic.v2.chip;
		return gicv2_init(&gic.v2, m->gic_distributor.start, m->gic_cpu.start, lines,
				  MACHINE_LINES);
	}
	board_irq_root = &gic.v3.chip;
	return gicv3_init(&gic.v3, m->gic_distributor.start, m->gic_cpu.start, m->gic_cpu.bytes,
			  lines, MACHINE_LINES);
}

struct irq_chip *qemu_virt_irq_chip(void)
{
	if (board_irq_root == NULL) {
		if (init_gic(&qemu_virt_machine) != OK)
			board_give_up("the interrupt controller does not work");
		if (console_is_read)
			qemu_virt_set_console_irq(board_irq_root);
	}
	return board_irq_root;
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
		board_give_up("the timer does not work");
	return &timer.timer;
}
