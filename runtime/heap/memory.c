/* SPDX-License-Identifier: ISC */
/*
 * The memory that the board has left: taken from its ends for the whole run, and the heap's from
 * the first call that asks for one. An image in which nobody does has none of the heap's code.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/attr.h"
#include "hal/board.h"
#include "runtime/heap/heap.h"
#include "runtime/start.h"

static struct board_memory left;
static size_t taken_bytes;

static struct heap heap;
static bool heap_is_made; /* `left` is its */

static size_t left_of_limit(size_t taken)
{
	return memory_limit_bytes > taken ? memory_limit_bytes - taken : 0;
}

void memory_start(void)
{
	left = board_memory();
	if (memory_limit_bytes != 0) {
		left.bytes = MIN(left.bytes, left_of_limit(left.image_bytes));
		left.low_bytes = MIN(left.low_bytes, left_of_limit(left.image_bytes + left.bytes));
	}
	boot_mark("memory");
}

struct heap *runtime_heap(void)
{
	if (heap_is_made)
		return &heap;
	heap_init(&heap);
	heap_add_region(&heap, left.start, left.bytes);
	heap_add_region(&heap, left.low_start, left.low_bytes);
	heap_is_made = true;
	return &heap;
}

/* Off the front of a region; NULL if it is too short. */
static void *take_from(void **start, size_t *left_bytes, size_t align, size_t bytes)
{
	uintptr_t first = (uintptr_t)*start, at = ROUND_UP(first, (uintptr_t)align);
	size_t skipped = at - first;

	if (skipped > *left_bytes || bytes > *left_bytes - skipped)
		return NULL;
	*start = (void *)(at + bytes);
	*left_bytes -= skipped + bytes;
	taken_bytes += skipped + bytes;
	return (void *)at;
}

static void *take(size_t align, size_t bytes)
{
	if (heap_is_made)
		return heap_alloc_aligned(&heap, align, bytes);
	void *p = take_from(&left.start, &left.bytes, align, bytes);
	return p != NULL ? p : take_from(&left.low_start, &left.low_bytes, align, bytes);
}

/* Off the end of the first region, if it has so much; on large boards there is no reason to. */
static void *take_last(size_t align, size_t bytes)
{
	uintptr_t first = (uintptr_t)left.start, end = first + left.bytes;

	if (BY_MEMORY(false, true) || heap_is_made || bytes > left.bytes ||
	    ROUND_DOWN(end - bytes, (uintptr_t)align) < first)
		return take(align, bytes);
	uintptr_t at = ROUND_DOWN(end - bytes, (uintptr_t)align);
	left.bytes = at - first;
	taken_bytes += end - at;
	return (void *)at;
}

/* Makes no heap: an image that has none holds none of its code. */
struct memory_use memory_use(void)
{
	if (heap_is_made)
		return (struct memory_use){.used_bytes = taken_bytes + heap_used_bytes(&heap),
					   .peak_bytes = taken_bytes + heap_peak_bytes(&heap),
					   .total_bytes = taken_bytes + heap_total_bytes(&heap)};
	return (struct memory_use){.used_bytes = taken_bytes,
				   .peak_bytes = taken_bytes,
				   .total_bytes = taken_bytes + left.bytes + left.low_bytes};
}

static unsigned kib(size_t bytes)
{
	return (unsigned)(bytes >> 10);
}

static void *found(void *p, const char *what, size_t bytes)
{
	if (p == NULL) {
		struct memory_use use = memory_use();
		stop_with_error("too little memory: %s need %u KiB, %u KiB are free", what,
				kib(bytes), kib(use.total_bytes - use.used_bytes));
	}
	return p;
}

void *memory_take(const char *what, size_t align, size_t bytes)
{
	assert(align != 0 && (align & (align - 1)) == 0);
	return found(take(align, bytes), what, bytes);
}

void *memory_take_last(const char *what, size_t align, size_t bytes)
{
	assert(align != 0 && (align & (align - 1)) == 0);
	return found(take_last(align, bytes), what, bytes);
}
