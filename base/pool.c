/* SPDX-License-Identifier: ISC */
#include "base/pool.h"

#include "base/assert.h"

static void **link_of(void *object)
{
	return object;
}

void pool_init(struct pool *pool, void *objects, size_t object_bytes, uint32_t count)
{
	assert(object_bytes >= sizeof(void *) && object_bytes % sizeof(void *) == 0);
	assert((uintptr_t)objects % sizeof(void *) == 0);
	*pool = (struct pool){.objects = objects, .object_bytes = object_bytes, .count = count};
}

static void *take(struct pool *pool)
{
	void *object = pool->free;
	if (object != NULL)
		pool->free = *link_of(object);
	else if (pool->touched < pool->count)
		object = pool->objects + pool->touched++ * pool->object_bytes;
	return object;
}

void *pool_get(struct pool *pool)
{
	void *object = take(pool);
	if (object == NULL) {
		pool->exhausted++;
		return NULL;
	}
	if (++pool->used > pool->used_max)
		pool->used_max = pool->used;
	return object;
}

void pool_put(struct pool *pool, void *object)
{
	size_t offset = (size_t)((uint8_t *)object - pool->objects);
	assert(pool->used > 0);
	assert((uint8_t *)object >= pool->objects && offset < pool->count * pool->object_bytes);
	assert(offset % pool->object_bytes == 0);
	*link_of(object) = pool->free;
	pool->free = object;
	pool->used--;
}
