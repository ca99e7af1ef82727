/* SPDX-License-Identifier: ISC */
/*
 * The state is BASEPRI. All interrupts have one priority (IRQ_PRIORITY), which it masks; faults
 * have a higher one and stay themselves, which under PRIMASK they would not (Armv7-M Arm ARM,
 * B1.5.4).
 */
#ifndef ARCH_IMPL_IRQFLAGS_H
#define ARCH_IMPL_IRQFLAGS_H

/* In the highest bit, which every core has. The interrupt controller's driver sets it for lines. */
#define IRQ_PRIORITY 0x80u

static inline void irq_mask_(unsigned long priority)
{
	__asm__ volatile("msr basepri, %0" ::"r"(priority) : "memory");
}

static inline unsigned long irq_save(void)
{
	unsigned long state;
	__asm__ volatile("mrs %0, basepri" : "=r"(state)::"memory");
	irq_mask_(IRQ_PRIORITY);
	return state;
}

static inline void irq_unmask(void)
{
	irq_mask_(0);
}

static inline void irq_restore(unsigned long state)
{
	irq_mask_(state);
}

/*
 * WFI does not see what BASEPRI masks, but does what PRIMASK does (B1.5.19): for as long as it
 * waits, that one masks. DSB finishes stores.
 */
static inline void cpu_wait_irq(void)
{
	__asm__ volatile("cpsid i" ::: "memory");
	irq_mask_(0);
	__asm__ volatile("dsb\n\twfi\n\tcpsie i" ::: "memory");
}

static inline void irq_poll(void)
{
}

#endif
