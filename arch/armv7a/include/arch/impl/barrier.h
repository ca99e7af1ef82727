/* SPDX-License-Identifier: ISC */
/*
 * Devices are observers in the outer shareable domain, and their registers are device memory,
 * which DMB orders against normal memory too (Arm ARM for Armv7, A3.8.3). Armv7 has no
 * barrier for loads alone.
 */
#ifndef ARCH_IMPL_BARRIER_H
#define ARCH_IMPL_BARRIER_H

static inline void dma_write_barrier(void)
{
	__asm__ volatile("dmb oshst" ::: "memory");
}

static inline void dma_read_barrier(void)
{
	__asm__ volatile("dmb osh" ::: "memory");
}

static inline void dma_full_barrier(void)
{
	__asm__ volatile("dmb osh" ::: "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

#endif
