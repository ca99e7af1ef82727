/* SPDX-License-Identifier: ISC */
/*
 * Cache maintenance for devices that do not see the caches, and for code written as data.
 * Ranges are in bytes and are widened to whole cache lines; on machines whose devices
 * are coherent the DMA calls compile to nothing.
 */
#ifndef ARCH_CACHE_H
#define ARCH_CACHE_H

#include <stddef.h>

/* Before a device reads memory: writes dirty lines back. */
static inline void cache_clean(const void *p, size_t bytes);

/* Before the processor reads what a device wrote: discards lines. The range must be whole lines. */
static inline void cache_invalidate(void *p, size_t bytes);

#include "arch/impl/cache.h"

#endif
