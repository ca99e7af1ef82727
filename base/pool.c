/* SPDX-License-Identifier: ISC */
#include "base/pool.h"

#include "base/assert.h"

static void **link_of(void *object)
{
	return object;
}

#ifdef BOARD_IS_SMALL
/* Dividing is less than the two words that spare it. */
static void know_size(struct pool *pool)
{
	(void)pool;
}

static bool is_at(const struct pool *pool, size_t offset)
{
	return offset / pool->object_bytes < pool->count && offset % pool->object_bytes == 0;
}
#else
/* Of an odd number, by Newton: each step doubles the bits that are right, three at first. */
static size_t inverse_of(size_t odd)
{
	size_t inverse = odd;
	for (unsigned right = 3; right < 8 * sizeof(odd); right *= 2)
		inverse *= 2 - odd * inverse;
	return inverse;
}

static void know_size(struct pool *pool)
{
	pool->shift = (uint8_t)__builtin_ctzl(pool->object_bytes);
	pool->inverse = inverse_of(pool->object_bytes >> pool->shift);
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

static bool is_at(const struct pool *pool, size_t offset)
{
	return index_of(pool, offset) < pool->count;
}
#endif

void pool_init(struct pool *pool, void *objects, size_t object_bytes, uint32_t count)
{
	assert(object_bytes >= sizeof(void *) && object_bytes % sizeof(void *) == 0);
	assert((uintptr_t)objects % sizeof(void *) == 0);
	*pool = (struct pool){
		.objects = objects, .object_bytes = object_bytes, .count = (POOL_COUNT_TYPE)count};
	assert(pool->count == count);
	know_size(pool);
}

HOT(device) inline void *pool_get(struct pool *pool)
{
	void *object = pool_reuse(pool);
	if (LIKELY(object != NULL))
		return object;
	if (pool->touched == pool->count) {
#ifndef WITHOUT_COUNTERS
		pool->exhausted++;
#endif
		return NULL;
	}
	pool->used++;
	return pool->objects + pool->touched++ * pool->object_bytes;
}

HOT(device) inline void pool_put(struct pool *pool, void *object)
{
	size_t offset = (size_t)((uint8_t *)object - pool->objects);
	assert(pool->used > 0);
	assert(is_at(pool, offset));
	*link_of(object) = pool->free;
	pool->free = object;
	pool->used--;
}
