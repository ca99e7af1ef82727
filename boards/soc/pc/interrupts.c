/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controller and the timer, for the images that ask for them.
 */
#include "boards/common/common.h"
#include "boards/soc/pc/memory_map.h"
#include "boards/soc/pc/pc.h"
#include "hal/board.h"

struct apic *pc_apic(void)
{
	static struct apic apic;
	unsigned n_io = 0;

	if (board_irq_root == NULL) {
		while (pc_ioapics[n_io] != 0)
			n_io++;
		if (apic_init(&apic, PC_LOCAL_APIC, pc_ioapics, n_io) != OK)
			board_give_up(
				"there is no usable interrupt controller (xAPIC and I/O APIC)");
		board_irq_root = &apic.chip;
		if (console_is_read)
			pc_set_console_irq(board_irq_root);
	}
	return &apic;
}

struct x86_timer *pc_timer(void)
{
	static struct x86_timer timer;

	if (timer.timer.ops == NULL && x86_timer_init(&timer, pc_apic()) != OK)
		board_give_up("nothing tells how fast the time-stamp counter runs");
	return &timer;
}

struct timer *board_timer(void)
{
	return &pc_timer()->timer;
}
