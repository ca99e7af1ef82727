/* SPDX-License-Identifier: ISC */
/*
 * Data cache maintenance by address to the point of coherency (Arm ARM D7.5).
 */
#ifndef ARCH_IMPL_CACHE_H
#define ARCH_IMPL_CACHE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the smallest data cache line: CTR_EL0.DminLine, the logarithm of its words. */
static inline uintptr_t cache_line_bytes(void)
{
	uint64_t ctr;

	__asm__("mrs %0, ctr_el0" : "=r"(ctr));
	return (uintptr_t)4 << ((ctr >> 16) & 15);
}

static inline void cache_clean(const void *p, size_t bytes)
{
	uintptr_t line = cache_line_bytes();
	uintptr_t end = (uintptr_t)p + bytes;

	for (uintptr_t a = (uintptr_t)p & ~(line - 1); a < end; a += line)
		__asm__ volatile("dc cvac, %0" ::"r"(a) : "memory");
	__asm__ volatile("dsb sy" ::: "memory");
}

static inline void cache_invalidate(void *p, size_t bytes)
{
	uintptr_t line = cache_line_bytes();
	uintptr_t end = (uintptr_t)p + bytes;

	for (uintptr_t a = (uintptr_t)p & ~(line - 1); a < end; a += line)
		__asm__ volatile("dc ivac, %0" ::"r"(a) : "memory");
	__asm__ volatile("dsb sy" ::: "memory");
}

#endif
