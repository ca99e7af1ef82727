/* SPDX-License-Identifier: ISC */
/*
 * Device registers are device memory, which DMB orders against normal memory (Armv7-M Arm ARM,
 * A3.7.3). There is one kind of it.
 */
#ifndef ARCH_IMPL_BARRIER_H
#define ARCH_IMPL_BARRIER_H

static inline void dma_write_barrier(void)
{
	__asm__ volatile("dmb" ::: "memory");
}

static inline void dma_read_barrier(void)
{
	__asm__ volatile("dmb" ::: "memory");
}

static inline void dma_full_barrier(void)
{
	__asm__ volatile("dmb" ::: "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

#endif
