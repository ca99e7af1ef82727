/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/soc/pc/memory_map.h"
#include "boards/soc/pc/pc.h"
#include "hal/board.h"

enum { STATUS_ERROR = 1 };

static struct irq_chip *irq_chip; /* NULL: not asked for yet */

USED void interrupt(void)
{
	assert(irq_chip != NULL); /* nothing interrupts before there is a controller */
	irq_chip_dispatch(irq_chip);
}

NORETURN static void give_up(const char *message)
{
	pc_complain(message);
	cpu_exit(STATUS_ERROR);
}

struct apic *pc_apic(void)
{
	static struct apic apic;
	unsigned n_io = 0;

	if (irq_chip == NULL) {
		while (pc_ioapics[n_io] != 0)
			n_io++;
		if (apic_init(&apic, PC_LOCAL_APIC, pc_ioapics, n_io) != OK)
			give_up("there is no usable interrupt controller (xAPIC and I/O APIC)");
		irq_chip = &apic.chip;
		pc_set_console_irq(irq_chip);
	}
	return &apic;
}

struct x86_timer *pc_timer(void)
{
	static struct x86_timer timer;

	if (timer.timer.ops == NULL && x86_timer_init(&timer, pc_apic()) != OK)
		give_up("nothing tells how fast the time-stamp counter runs");
	return &timer;
}

struct timer *board_timer(void)
{
	return &pc_timer()->timer;
}
