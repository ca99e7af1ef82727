/* SPDX-License-Identifier: ISC */
/*
 * Caches are coherent with everything that a process can reach.
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
