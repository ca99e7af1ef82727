/* SPDX-License-Identifier: ISC */
/*
 * A pool hands out objects of one size from an array that the configuration sized.
 *
 * Everything that a stranger can make the system allocate comes from a pool, so that
 * what he can take is bounded and known at build time. Making a pool, getting and putting
 * take constant time: memory that was never handed out is never touched. Running out is NULL and a
 * counter, never a crash. The caller owns the array; it must outlive the pool. Not for interrupt
 * handlers.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"

/* How many: they are as short as they may be where nobody is shown them. */
#ifdef WITHOUT_COUNTERS
#define POOL_COUNT_TYPE uint16_t
#else
#define POOL_COUNT_TYPE uint32_t
#endif

struct pool {
	void *free;          /* the first object given back, which holds the pointer to the next */
	uint8_t *objects;    /* the array */
	size_t object_bytes; /* of each: a power of two, 2^shift, times an odd number … */
#ifndef BOARD_IS_SMALL
	size_t inverse; /* … whose inverse modulo 2^(bits of a size_t) this is */
	uint8_t shift;
#endif
	POOL_COUNT_TYPE count; /* objects in the array */
	/* Objects ever handed out; those behind have not been written to. One is taken from there
	 * only when all before are in use: so many have been in use at once. */
	POOL_COUNT_TYPE touched;
	POOL_COUNT_TYPE used; /* now */
#ifndef WITHOUT_COUNTERS
	uint32_t exhausted; /* times that pool_get() found none */
#endif
};

/* What is worth showing of it (base/counter.h). */
extern const struct counters pool_counters;

/*
 * Makes `pool` of `count` objects of `object_bytes` each, at `objects`. The size must be a
 * multiple of the pointer size and the array aligned for the objects (asserted).
 */
void pool_init(struct pool *pool, void *objects, size_t object_bytes, uint32_t count);

/* An object, its contents undefined, or NULL when all are in use. */
MUST_USE void *pool_get(struct pool *pool);

/*
 * An object that was in use before, as it was given back but for its first pointer; NULL if there
 * is none. So what is the same in each use need be written only into those of pool_get().
 */
MUST_USE ALWAYS_INLINE void *pool_reuse(struct pool *pool)
{
	void **object = pool->free;
	if (object != NULL) {
		pool->free = *object;
		pool->used++;
	}
	return object;
}

/* Takes back what pool_get() gave. Asserts that it is of this pool. */
void pool_put(struct pool *pool, void *object);

static inline uint32_t pool_available(const struct pool *pool)
{
	return pool->count - pool->used;
}

#endif
