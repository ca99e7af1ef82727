/* SPDX-License-Identifier: ISC */
/*
 * A process has no interrupts; readable descriptors stand for them. Their handlers run only in
 * cpu_wait_irq() and irq_unmask(), that is, when the loop asks, so that nothing needs masking. An
 * unmasking right after a wait does not look again: each look is a call of the kernel.
 */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

#include <stdbool.h>

/* Handles what is pending; waits for it if `wait` is not 0. */
void host_handle_irqs(int wait);

/* That the wait was the look of the unmasking that follows it. */
extern bool host_irqs_seen;

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
	if (!host_irqs_seen)
		host_handle_irqs(0);
	host_irqs_seen = false;
}

static inline void cpu_wait_irq(void)
{
	host_handle_irqs(1);
	host_irqs_seen = true;
}

#endif
