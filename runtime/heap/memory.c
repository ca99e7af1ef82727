/* SPDX-License-Identifier: ISC */
#include "runtime/heap/heap.h"

#include "hal/board.h"
#include "runtime/start_internal.h"

static struct heap heap;

struct heap *runtime_heap(void)
{
	return &heap;
}

enum err memory_init(void)
{
	struct board_memory memory = board_memory();
	heap_init(&heap);
	heap_add_region(&heap, memory.start, memory.bytes);
	return heap_total_bytes(&heap) >= MEMORY_BYTES_MIN ? OK : ERR_NOMEM;
}
