/* SPDX-License-Identifier: ISC */
/*
 * Cortex-M3 and M4 have no caches, and the image leaves those of an M7 off.
 */
#ifndef ARCH_IMPL_CACHE_H
#define ARCH_IMPL_CACHE_H

static inline void cache_clean(const void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}

static inline void cache_invalidate(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}

#endif
