/* SPDX-License-Identifier: ISC */
/*
 * Memory that the processor and a device share without cache maintenance: for rings of descriptors,
 * of which several lie in one cache line, so that writing one back would write over what the device
 * has just written to its neighbour. Buffers of whole lines are better off in the caches, with
 * maintenance.
 *
 * Such memory is whole pages, static and for good: `static DMA_PAGES uint8_t ring[PAGE_BYTES]`, or
 * a struct of such an alignment, whose size then is one of whole pages too. Reads and writes of it
 * go to memory in their order only with the barriers of arch/barrier.h. Where devices are coherent
 * with the caches, and where there are none, it is memory as any other. Not from interrupts.
 */
#ifndef HAL_DMA_MEMORY_H
#define HAL_DMA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/cache.h"
#include "arch/mmu.h"
#include "base/assert.h"
#include "base/attr.h"

#define DMA_PAGES ALIGNED(PAGE_BYTES)

/*
 * Takes `bytes` from `pages` on out of the caches; what is in them stays. Asserts that they are
 * whole pages. Doing it again changes nothing. ERR_NOMEM: there are no page tables left for it.
 */
MUST_USE static inline enum err dma_memory_share(void *pages, size_t bytes)
{
	enum err e;

	assert(((uintptr_t)pages | bytes) % PAGE_BYTES == 0);
	/* A dirty line that is evicted later would write over what the device has written. */
	cache_clean(pages, bytes);
	e = mmu_protect((uintptr_t)pages, bytes, MMU_UNCACHED);
	/* What the processor has fetched ahead meanwhile could still be hit. */
	cache_invalidate(pages, bytes);
	return e;
}

/* Whether all of it may be shared as it is: for assertions and tests. */
static inline bool dma_memory_is_shared(const void *memory, size_t bytes)
{
	const uint8_t *at = memory;

	for (size_t i = 0; i < bytes; i += PAGE_BYTES) {
		if (!mmu_is_uncached((uintptr_t)at + i))
			return false;
	}
	return true;
}

#endif
