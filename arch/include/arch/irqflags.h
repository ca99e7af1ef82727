/* SPDX-License-Identifier: ISC */
/*
 * Masking interrupts on this core, and sleeping until one comes.
 *
 * The loop's rule for sleeping without losing a wake-up: mask, look once more whether there
 * is work, cpu_wait_irq(), unmask. Masked sections are a few instructions long.
 */
#ifndef ARCH_IRQFLAGS_H
#define ARCH_IRQFLAGS_H

/* Masks interrupts and returns the earlier state for irq_restore(). Nests. */
static inline unsigned long irq_save(void);

/* Restores the state that irq_save() returned. */
static inline void irq_restore(unsigned long state);

/* Unmasks interrupts. */
static inline void irq_unmask(void);

/*
 * Called with interrupts masked: sleeps until an interrupt is pending (it may return early)
 * and returns masked. One that was pending at the call ends it at once. Where the machine
 * can only wait unmasked (x86: sti; hlt), the pending interrupt is handled inside the call.
 */
static inline void cpu_wait_irq(void);

#include "arch/impl/irqflags.h"

#endif
