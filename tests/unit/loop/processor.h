/* SPDX-License-Identifier: ISC */
/*
 * The processor of machine.h, for source files that are included behind it: it stands in for
 * arch/irqflags.h and arch/barrier.h. Where the compiler may not move accesses an interrupt may
 * come.
 */
#ifndef TESTS_UNIT_LOOP_PROCESSOR_H
#define TESTS_UNIT_LOOP_PROCESSOR_H

#include "tests/unit/loop/machine.h"

#define ARCH_BARRIER_H
#define ARCH_IRQFLAGS_H

static inline void compiler_barrier(void)
{
	pm_step();
}

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

static inline void irq_poll(void)
{
	pm_step();
}

#endif
