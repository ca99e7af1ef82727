/* SPDX-License-Identifier: ISC */
/*
 * Arm's Versatile Express with a Cortex-A15: everything of hal/board.h but board_name[] and
 * board_regions[] (arch/mmu.h), for which VEXPRESS_REGIONS is the table's content.
 *
 * Devices are where they always are; what the loader says is read by boards/tree/loader.h, and
 * without it the image takes the memory that QEMU has if it is not told, VEXPRESS_RAM_AT_LEAST.
 */
#ifndef BOARDS_SOC_VEXPRESS_VEXPRESS_H
#define BOARDS_SOC_VEXPRESS_VEXPRESS_H

#include "arch/mmu.h"
#include "boards/soc/vexpress/memory_map.h"
#include "hal/irq.h"

#define VEXPRESS_REGIONS                                                                           \
	{VEXPRESS_ETHERNET, VEXPRESS_WINDOW_BYTES, MMU_DEVICE},                                    \
		{VEXPRESS_PERIPHERALS, VEXPRESS_WINDOW_BYTES, MMU_DEVICE},                         \
		{VEXPRESS_PRIVATE, VEXPRESS_WINDOW_BYTES, MMU_DEVICE},                             \
	{                                                                                          \
		0                                                                                  \
	}

enum { VEXPRESS_RAM_AT_LEAST = 128 << 20 };

/* Interrupts, as the GIC counts them: the motherboard's begin at 32. */
enum {
	VEXPRESS_LINE_TIMER_VIRTUAL = 27,
	VEXPRESS_LINE_UART0 = 32 + 5,
	VEXPRESS_LINE_MCI = 32 + 9,
	VEXPRESS_LINE_ETHERNET = 32 + 15,
	VEXPRESS_LINES = 160,
};

/* --- between the files of this folder -------------------------------------------------------- */

/*
 * The interrupt controller, initialised at the first call, which stops the image if that fails.
 * After board_init().
 */
struct irq_chip *vexpress_irq_chip(void);

/* Gives the console its interrupt, for input. For vexpress_irq_chip(). */
void vexpress_set_console_irq(struct irq_chip *chip);

#endif
