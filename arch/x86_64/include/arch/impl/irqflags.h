/* SPDX-License-Identifier: ISC */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

#define RFLAGS_IF (1ul << 9)

static inline unsigned long irq_save(void)
{
	unsigned long flags;
	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags)::"memory");
	return flags;
}

static inline void irq_restore(unsigned long state)
{
	if ((state & RFLAGS_IF) != 0)
		__asm__ volatile("sti" ::: "memory");
}

static inline void irq_unmask(void)
{
	__asm__ volatile("sti" ::: "memory");
}

/* STI takes effect after the next instruction, so no interrupt can come between it and HLT. */
static inline void cpu_wait_irq(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}

static inline void irq_poll(void)
{
}

#endif
