/* SPDX-License-Identifier: ISC */
/*
 * Arm's Generic Interrupt Controller, architecture version 3 and 4 (Arm IHI 0069): a distributor,
 * a redistributor for each core, both in memory, and a CPU interface of system registers.
 *
 * A line is an INTID: 0 to 15 SGIs, 16 to 31 PPIs of the core, 32 to 1019 SPIs; LPIs are not
 * used. All lines are in group 1 with one priority, so that handlers never preempt each other. The
 * struct and its table of lines belong to the caller and must live as long as interrupts may
 * come.
 */
#ifndef DRIVERS_IRQ_GICV3_GICV3_H
#define DRIVERS_IRQ_GICV3_GICV3_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/irq.h"

struct gicv3 {
	struct irq_chip chip;
	uintptr_t distributor;
	uintptr_t redistributor; /* of this core: RD_base, the SGI frame follows */
};

/*
 * Resets the controller, which has its distributor at `distributor` (64 KiB) and the
 * redistributors of all cores in `redistributors_bytes` from `redistributors`; finds this core's,
 * wakes it, disables every line, routes the SPIs to this core, and lets interrupts through.
 * `lines` has `n_lines` zeroed entries; lines of the hardware beyond them stay disabled.
 * Waits a bounded time. ERR_NODEV if there is no GICv3 or no redistributor for this core, or the
 * core does not let the image use its system registers; ERR_TIMEOUT if the hardware does not
 * answer.
 */
MUST_USE enum err gicv3_init(struct gicv3 *gic, uintptr_t distributor, uintptr_t redistributors,
			     size_t redistributors_bytes, struct irq_line *lines, uint32_t n_lines);

#endif
