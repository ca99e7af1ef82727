/* SPDX-License-Identifier: ISC */
/*
 * A process has no interrupts; readable descriptors stand for them. Their handlers run only in
 * cpu_wait_irq() and irq_poll(), that is, when the loop asks, so that nothing needs masking.
 */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

/* Handles what is pending; waits for it if `wait` is not 0. */
void host_handle_irqs(int wait);

static inline unsigned long irq_save(void)
{
	return 0;
}

static inline void irq_restore(unsigned long state)
{
	(void)state;
}

static inline void irq_unmask(void)
{
}

static inline void cpu_wait_irq(void)
{
	host_handle_irqs(1);
}

static inline void irq_poll(void)
{
	host_handle_irqs(0);
}

#endif
