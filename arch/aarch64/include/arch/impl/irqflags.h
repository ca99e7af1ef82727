/* SPDX-License-Identifier: ISC */
/*
 * PSTATE.I. FIQs and debug exceptions stay masked, SErrors are never masked after the entry code.
 */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

static inline unsigned long irq_save(void)
{
	unsigned long state;

	__asm__ volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(state)::"memory");
	return state;
}

static inline void irq_restore(unsigned long state)
{
	__asm__ volatile("msr daif, %0" ::"r"(state) : "memory");
}

static inline void irq_unmask(void)
{
	__asm__ volatile("msr daifclr, #2" ::: "memory");
}

static inline void cpu_wait_irq(void)
{
	/* WFI ends at a pending interrupt even if it is masked. What was written before must be
	   visible to others while the core sleeps: hence the barrier. */
	__asm__ volatile("dsb sy\n\twfi\n\tmsr daifclr, #2" ::: "memory");
}

static inline void irq_poll(void)
{
}

#endif
