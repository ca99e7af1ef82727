/* SPDX-License-Identifier: ISC */
/*
 * The lines of a GIC, which versions 2 and 3 have the same registers for. `registers` is the block
 * that has a line's (gic_regs.h). For the drivers of both versions.
 */
#ifndef DRIVERS_IRQ_GIC_GIC_LINES_H
#define DRIVERS_IRQ_GIC_GIC_LINES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/irq/gic/gic_regs.h"
#include "hal/irq.h"

enum { GIC_PRIORITY_MASK_NONE = 0xff };

static inline uint32_t gic_bit(uint32_t line)
{
	return UINT32_C(1) << line % 32;
}

/* How many lines the hardware has. */
uint32_t gic_hardware_lines(uintptr_t distributor);

/* Disables the lines from `first` to before `end`, multiples of 32, and forgets their interrupts.
 */
void gic_reset_lines(uintptr_t registers, uint32_t first, uint32_t end);

/* Sets trigger and priority, and enables. ERR_NODEV: the line stays off. */
MUST_USE enum err gic_enable_line(uintptr_t registers, uint32_t line, enum irq_trigger trigger);

void gic_disable_line(uintptr_t registers, uint32_t line);

#endif
