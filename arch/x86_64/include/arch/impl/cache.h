/* SPDX-License-Identifier: ISC */
/* Devices are coherent with the caches. */
#ifndef ARCH_IMPL_CACHE_H
#define ARCH_IMPL_CACHE_H

#include "base/attr.h"

static inline void cache_clean(UNUSED const void *p, UNUSED size_t bytes)
{
}

static inline void cache_invalidate(UNUSED void *p, UNUSED size_t bytes)
{
}

#endif
