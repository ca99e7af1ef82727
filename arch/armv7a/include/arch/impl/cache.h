/* SPDX-License-Identifier: ISC */
/*
 * By address to the point of coherency (Arm ARM for Armv7, B4.2.1).
 */
#ifndef ARCH_IMPL_CACHE_H
#define ARCH_IMPL_CACHE_H

#include <stdint.h>

/* CTR.DminLine: the logarithm of the words in the shortest data cache line. */
static inline uintptr_t cache_line_bytes(void)
{
	uint32_t ctr;
	__asm__("mrc p15, 0, %0, c0, c0, 1" : "=r"(ctr));
	return 4u << (ctr >> 16 & 15);
}

static inline void cache_clean(const void *p, size_t bytes)
{
	uintptr_t line = cache_line_bytes();
	uintptr_t end = (uintptr_t)p + bytes;
	for (uintptr_t at = (uintptr_t)p & ~(line - 1); at < end; at += line)
		__asm__ volatile("mcr p15, 0, %0, c7, c10, 1" ::"r"(at) : "memory"); /* DCCMVAC */
	__asm__ volatile("dsb" ::: "memory");
}

static inline void cache_invalidate(void *p, size_t bytes)
{
	uintptr_t line = cache_line_bytes();
	uintptr_t end = (uintptr_t)p + bytes;
	for (uintptr_t at = (uintptr_t)p & ~(line - 1); at < end; at += line)
		__asm__ volatile("mcr p15, 0, %0, c7, c6, 1" ::"r"(at) : "memory"); /* DCIMVAC */
	__asm__ volatile("dsb" ::: "memory");
}

#endif
