/* SPDX-License-Identifier: ISC */
/*
 * The image's heap, over the memory that the board has left.
 */
#include "hal/board.h"
#include "runtime/heap/heap.h"
#include "runtime/start.h"

/* The least that is worth starting with: the main fiber's stack and a page or two. */
#define MEMORY_BYTES_MIN ((size_t)32 << 10)

static struct heap heap;

struct heap *runtime_heap(void)
{
	return &heap;
}

static unsigned kib(size_t bytes)
{
	return (unsigned)(bytes >> 10);
}

void memory_start(void)
{
	struct board_memory memory = board_memory();
	heap_init(&heap);
	heap_add_region(&heap, memory.start, memory.bytes);
	heap_add_region(&heap, memory.low_start, memory.low_bytes);
	if (heap_total_bytes(&heap) < MEMORY_BYTES_MIN)
		stop_with_error("memory: the board has %u KiB for the heap, %u are needed",
				kib(memory.bytes), kib(MEMORY_BYTES_MIN));
	boot_mark("memory");
}

void *memory_take(const char *what, size_t align, size_t bytes)
{
	void *p = heap_alloc_aligned(&heap, align, bytes);
	if (p == NULL)
		stop_with_error("too little memory: %s need %u KiB, %u KiB are free", what,
				kib(bytes), kib(heap_total_bytes(&heap) - heap_used_bytes(&heap)));
	return p;
}
