/* SPDX-License-Identifier: ISC */
/*
 * Barriers of aarch64 (Arm ARM B2.3). Devices that use memory are in the outer shareable domain.
 */
#ifndef ARCH_IMPL_BARRIER_H
#define ARCH_IMPL_BARRIER_H

static inline void dma_write_barrier(void)
{
	__asm__ volatile("dmb oshst" ::: "memory");
}

static inline void dma_read_barrier(void)
{
	__asm__ volatile("dmb oshld" ::: "memory");
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
