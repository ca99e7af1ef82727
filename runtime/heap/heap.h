/* SPDX-License-Identifier: ISC */
/*
 * A heap whose calls take constant time: two-level segregated fit (Masmano, Ripoll, Crespo, Real:
 * "TLSF: a new dynamic memory allocator for real-time systems", 2004).
 *
 * For what the configuration cannot size; everything that a stranger can make the system allocate
 * comes from pools (base/pool.h). A heap lives in regions that it is given and never gives back. A
 * block is preceded by a header of two words that name both neighbours, so that freeing one twice,
 * freeing what is not a block, and having written past the end of one are noticed and assert.
 * Event loop only.
 */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct heap_block;

enum {
	/* Classes by power of two; each is split into this many lists. */
	HEAP_LISTS = 16,
	/* The smallest power that has lists of its own: below it, lists are one granule apart. */
	HEAP_CLASS_SHIFT = sizeof(void *) == 8 ? 8 : 7,
	/* Up to 4 GiB a block. */
	HEAP_CLASSES = 32 - HEAP_CLASS_SHIFT + 1,
	/* Every block begins at, and its size is, a multiple of this. */
	HEAP_ALIGN = 2 * sizeof(void *),
};

struct heap {
	uint32_t classes;             /* bit i: class i has a list with a block */
	uint16_t lists[HEAP_CLASSES]; /* bit j: list j of the class has a block */
	struct heap_block *free[HEAP_CLASSES][HEAP_LISTS];
	uintptr_t lowest, highest; /* the range that holds all regions */
	size_t total_bytes, used_bytes, peak_bytes;
	uint32_t failed; /* allocations that found no memory */
};

/* Makes an empty heap. */
void heap_init(struct heap *h);

/* Gives it `bytes` of memory at `start`, for ever. Too little to hold a block is ignored. */
void heap_add_region(struct heap *h, void *start, size_t bytes);

/* Memory for `bytes` bytes (0 counts as 1), contents undefined, HEAP_ALIGN aligned; or NULL. */
MUST_USE void *heap_alloc(struct heap *h, size_t bytes);

/* The same, aligned to `align`, a power of two (asserted). */
MUST_USE void *heap_alloc_aligned(struct heap *h, size_t align, size_t bytes);

/*
 * Changes the size of a block, in place where possible, else by moving it. NULL: no memory, and
 * the block is as before. `p` NULL allocates. The alignment of a moved block is HEAP_ALIGN.
 */
MUST_USE void *heap_realloc(struct heap *h, void *p, size_t bytes);

/* Gives a block back; NULL does nothing. Asserts that it is a block in use, and intact. */
void heap_free(struct heap *h, void *p);

/* The bytes that may be used at `p`: at least what was asked for. */
size_t heap_usable_bytes(const struct heap *h, const void *p);

/* Bytes under management, in use now (with their headers), and at most so far. */
static inline size_t heap_total_bytes(const struct heap *h)
{
	return h->total_bytes;
}

static inline size_t heap_used_bytes(const struct heap *h)
{
	return h->used_bytes;
}

static inline size_t heap_peak_bytes(const struct heap *h)
{
	return h->peak_bytes;
}

/* How much the image may take with its stacks, variables and code in memory; 0: what there is. */
extern const size_t memory_limit_bytes;

/* Finds board_memory(). Once, before anything takes memory. */
void memory_start(void);

/*
 * Memory for the whole run: pools and tables that are made once, at the start. `align` is a power
 * of two; `what` is a plural ("receive buffers"). Stops the image with a line that says what needs
 * how much if there is too little.
 */
MUST_USE void *memory_take(const char *what, size_t align, size_t bytes);

/*
 * The same from the other end on boards of little memory: a stack with its guard is not amid what
 * is used all the time, which shares its pages where those of an emulator are larger than a guard.
 */
MUST_USE void *memory_take_last(const char *what, size_t align, size_t bytes);

/* Of the memory that the board has left: taken so, gaps for alignment included, or the heap's. */
struct memory_use {
	size_t used_bytes, peak_bytes; /* now, and at most so far */
	size_t total_bytes;
};
struct memory_use memory_use(void);

/*
 * The image's heap, which malloc() and fiber_spawn() use. The first call gives it what was not
 * taken until then; from then on memory_take() takes from it, too.
 */
struct heap *runtime_heap(void);

#endif
