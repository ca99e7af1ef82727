/* SPDX-License-Identifier: ISC */
/*
 * Barriers, named by what they are for. Each use says in a comment what it orders.
 */
#ifndef ARCH_BARRIER_H
#define ARCH_BARRIER_H

/* Between writing memory that a device reads and telling it so by a register or an index. */
static inline void dma_write_barrier(void);

/* Between reading an index that a device wrote and reading what it says is there. */
static inline void dma_read_barrier(void);

/* Between writing memory and then reading memory that the device writes: a full barrier. */
static inline void dma_full_barrier(void);

/* Keeps the compiler, not the processor, from moving memory accesses across it. */
static inline void compiler_barrier(void)
{
	__asm__ volatile("" ::: "memory");
}

/* In a polling loop: tells the processor that it spins. */
static inline void cpu_relax(void);

#include "arch/impl/barrier.h"

#endif
