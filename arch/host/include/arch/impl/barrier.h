/* SPDX-License-Identifier: ISC */
/*
 * The kernel's system calls order what it reads and writes; simulated devices share the core.
 */
#ifndef ARCH_IMPL_BARRIER_H
#define ARCH_IMPL_BARRIER_H

static inline void dma_write_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void dma_read_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static inline void dma_full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void cpu_relax(void)
{
}

#endif
