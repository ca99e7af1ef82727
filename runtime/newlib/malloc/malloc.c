/* SPDX-License-Identifier: ISC */
/*
 * The C library's allocation functions, over the runtime's heap, and the reentrant names by which
 * newlib itself calls them. They are here so that newlib's own allocator is not linked.
 */
#include <reent.h>
#include <stdlib.h>
#include <string.h>

#include <malloc.h>

#include "base/attr.h"
#include "runtime/heap/heap.h"

/* USED: the compiler may turn other code into calls of these after it has decided what to keep. */

USED void *malloc(size_t bytes)
{
	return heap_alloc(runtime_heap(), bytes);
}

USED void free(void *p)
{
	heap_free(runtime_heap(), p);
}

USED void *calloc(size_t count, size_t bytes)
{
	size_t total;
	if (__builtin_mul_overflow(count, bytes, &total))
		return NULL;
	/* Not through malloc(): the compiler would make that a call of calloc(). */
	void *p = heap_alloc(runtime_heap(), total);
	if (p != NULL)
		memset(p, 0, total);
	return p;
}

USED void *realloc(void *p, size_t bytes)
{
	return heap_realloc(runtime_heap(), p, bytes);
}

void *aligned_alloc(size_t align, size_t bytes)
{
	return heap_alloc_aligned(runtime_heap(), align, bytes);
}

void *memalign(size_t align, size_t bytes)
{
	return heap_alloc_aligned(runtime_heap(), align, bytes);
}

void *_malloc_r(struct _reent *reent, size_t bytes)
{
	(void)reent;
	return heap_alloc(runtime_heap(), bytes);
}

void _free_r(struct _reent *reent, void *p)
{
	(void)reent;
	heap_free(runtime_heap(), p);
}

void *_calloc_r(struct _reent *reent, size_t count, size_t bytes)
{
	(void)reent;
	return calloc(count, bytes);
}

void *_realloc_r(struct _reent *reent, void *p, size_t bytes)
{
	(void)reent;
	return heap_realloc(runtime_heap(), p, bytes);
}
