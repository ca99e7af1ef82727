/* SPDX-License-Identifier: ISC */
/*
 * Masking interrupts on this core, and sleeping until one comes.
 *
 * The loop's rule for sleeping without losing a wake-up: mask, look once more whether there
 * is work, cpu_wait_irq(). Masked sections are a few instructions long.
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
 * Called with interrupts masked: sleeps until an interrupt is pending (it may return early), and
 * unmasks them, so that it is handled inside the call. One that was pending at the call ends the
 * wait at once.
 */
static inline void cpu_wait_irq(void);

/* For a loop that does not sleep, with interrupts unmasked: handles what is pending, on a machine
 * whose interrupts do not come by themselves. */
static inline void irq_poll(void);

#include "arch/impl/irqflags.h"

#endif
