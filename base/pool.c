/* SPDX-License-Identifier: ISC */
#include "base/pool.h"

#include "base/assert.h"

static void **link_of(void *object)
{
	return object;
}

/* Of an odd number, by Newton: each step doubles the bits that are right, three at first. */
static size_t inverse_of(size_t odd)
{
	size_t inverse = odd;
	for (unsigned right = 3; right < 8 * sizeof(odd); right *= 2)
		inverse *= 2 - odd * inverse;
	return inverse;
}

void pool_init(struct pool *pool, void *objects, size_t object_bytes, uint32_t count)
{
	assert(object_bytes >= sizeof(void *) && object_bytes % sizeof(void *) == 0);
	assert((uintptr_t)objects % sizeof(void *) == 0);
	uint8_t shift = (uint8_t)__builtin_ctzl(object_bytes);
	*pool = (struct pool){.objects = objects,
			      .object_bytes = object_bytes,
			      .inverse = inverse_of(object_bytes >> shift),
			      .shift = shift,
			      .count = count};
}

/*
 * The index of the object that begins `offset` bytes into the array. Exact division without
 * dividing: a multiple of object_bytes gives the index; anything else a number that is larger than
 * every index, for indices and multiples correspond one to one, and bits that the shift would lose
 * are rotated to the top (Warren, Hacker's Delight, section 10-17).
 */
static size_t index_of(const struct pool *pool, size_t offset)
{
	size_t n = offset * pool->inverse;
	unsigned bits = 8 * sizeof(n);
	return n >> pool->shift | n << ((bits - pool->shift) % bits);
}

inline void *pool_get(struct pool *pool)
{
	void *object = pool_reuse(pool);
	if (LIKELY(object != NULL))
		return object;
	if (pool->touched == pool->count) {
		pool->exhausted++;
		return NULL;
	}
	pool->used++;
	return pool->objects + pool->touched++ * pool->object_bytes;
}

inline void pool_put(struct pool *pool, void *object)
{
	size_t offset = (size_t)((uint8_t *)object - pool->objects);
	assert(pool->used > 0);
	assert(index_of(pool, offset) < pool->count);
	*link_of(object) = pool->free;
	pool->free = object;
	pool->used--;
}
