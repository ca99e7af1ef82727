/* SPDX-License-Identifier: ISC */
/*
 * The state is CPSR, of which only the I bit is put back. Context switches leave it alone.
 */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

static inline unsigned long irq_save(void)
{
	unsigned long state;
	__asm__ volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(state)::"memory");
	return state;
}

static inline void irq_unmask(void)
{
	__asm__ volatile("cpsie i" ::: "memory");
}

static inline void irq_restore(unsigned long state)
{
	if ((state & 1 << 7) == 0)
		irq_unmask();
}

static inline void cpu_wait_irq(void)
{
	/* WFI ends with a pending interrupt though CPSR.I masks it (B1.8.14); DSB finishes stores.
	 */
	__asm__ volatile("dsb\n\twfi\n\tcpsie i" ::: "memory");
}

static inline void irq_poll(void)
{
}

#endif
