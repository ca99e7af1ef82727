/* SPDX-License-Identifier: ISC */
/*
 * Loads are not reordered with loads, nor stores with stores, on write-back memory (Intel SDM
 * volume 3, section 9.2.2); only a store followed by a load needs an instruction.
 */
#ifndef ARCH_IMPL_BARRIER_H
#define ARCH_IMPL_BARRIER_H

static inline void dma_write_barrier(void)
{
	compiler_barrier();
}

static inline void dma_read_barrier(void)
{
	compiler_barrier();
}

/* A locked instruction is a full barrier for write-back memory, and cheaper than MFENCE. */
static inline void dma_full_barrier(void)
{
	__asm__ volatile("lock; addl $0, (%%rsp)" ::: "memory", "cc");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

#endif
