/* SPDX-License-Identifier: ISC */
/*
 * Arm's Generic Interrupt Controller, architecture version 2 (Arm IHI 0048): a distributor for the
 * whole machine and a CPU interface for each core, both in memory.
 *
 * A line is an INTID: 0 to 15 SGIs, 16 to 31 PPIs of the core, 32 and up SPIs. All lines have
 * one priority, so that handlers never preempt each other. The struct and its table of lines
 * belong to the caller and must live as long as interrupts may come.
 */
#ifndef DRIVERS_IRQ_GICV2_GICV2_H
#define DRIVERS_IRQ_GICV2_GICV2_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/irq.h"

struct gicv2 {
	struct irq_chip chip;
	uintptr_t distributor, cpu;
};

/*
 * Resets the controller, which has its registers at `distributor` (4 KiB) and `cpu` (8 KiB),
 * disables every line, routes the SPIs to this core, and lets interrupts through. `lines` has
 * `n_lines` zeroed entries; lines of the hardware beyond them stay disabled. ERR_NODEV if
 * there is no GICv2 at the address.
 */
MUST_USE enum err gicv2_init(struct gicv2 *gic, uintptr_t distributor, uintptr_t cpu,
			     struct irq_line *lines, uint32_t n_lines);

#endif
