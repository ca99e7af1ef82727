/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "base/assert.h"
#include "boards/microvm/memory.h"
#include "boards/microvm/microvm.h"
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
	microvm_complain(message);
	cpu_exit(STATUS_ERROR);
}

struct apic *microvm_apic(void)
{
	static const uintptr_t io[] = {MICROVM_IOAPIC, MICROVM_IOAPIC2};
	static struct apic apic;

	if (irq_chip == NULL) {
		if (apic_init(&apic, MICROVM_LOCAL_APIC, io, ARRAY_SIZE(io)) != OK)
			give_up("there is no usable interrupt controller (xAPIC and I/O APIC)");
		irq_chip = &apic.chip;
		microvm_set_console_irq(irq_chip);
	}
	return &apic;
}

struct x86_timer *microvm_timer(void)
{
	static struct x86_timer timer;

	if (timer.timer.ops == NULL && x86_timer_init(&timer, microvm_apic()) != OK)
		give_up("nothing tells how fast the time-stamp counter runs");
	return &timer;
}

struct timer *board_timer(void)
{
	return &microvm_timer()->timer;
}
