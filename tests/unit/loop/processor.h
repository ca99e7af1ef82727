/* SPDX-License-Identifier: ISC */
/*
 * The processor of machine.h, for source files that are included behind it: it stands in for
 * arch/irqflags.h.
 */
#ifndef TESTS_UNIT_LOOP_PROCESSOR_H
#define TESTS_UNIT_LOOP_PROCESSOR_H

#include "tests/unit/loop/machine.h"

#define ARCH_IRQFLAGS_H

static inline unsigned long irq_save(void)
{
	return pm_mask();
}

static inline void irq_restore(unsigned long state)
{
	pm_restore(state);
}

static inline void irq_unmask(void)
{
	pm_restore(0);
}

static inline void cpu_wait_irq(void)
{
	pm_wait();
}

#endif
