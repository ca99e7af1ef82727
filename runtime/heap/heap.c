/* SPDX-License-Identifier: ISC */
#include "runtime/heap/heap.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"

/* Of all that an image takes (memory.c): there is none unless it says so. */
WEAK const size_t memory_limit_bytes = 0;

/*
 * A block: this header, then its memory. Blocks of a region follow one another without gaps; the
 * last is a header without memory that is never free.
 */
struct heap_block {
	struct heap_block *before; /* its neighbour at lower addresses, NULL for the first */
	size_t bytes;              /* of memory behind the header; bit 0: free */
	/* Only in a free block, in its memory: */
	struct heap_block *next_free, *prev_free;
};

#define HEADER_BYTES offsetof(struct heap_block, next_free)
#define IS_FREE      ((size_t)1)
/* The largest request: rounding it up to its list must not overflow a class. */
#define BYTES_MAX    ((size_t)1 << 30)

_Static_assert(HEADER_BYTES == HEAP_ALIGN, "memory behind an aligned header is aligned");
_Static_assert(HEAP_LISTS *HEAP_ALIGN == 1 << HEAP_CLASS_SHIFT, "class 0 ends where 1 begins");

static size_t bytes_of(const struct heap_block *b)
{
	return b->bytes & ~IS_FREE;
}

static bool is_free(const struct heap_block *b)
{
	return (b->bytes & IS_FREE) != 0;
}

static uint8_t *memory_of(struct heap_block *b)
{
	return (uint8_t *)b + HEADER_BYTES;
}

static struct heap_block *block_of(const void *p)
{
	return (struct heap_block *)((uintptr_t)p - HEADER_BYTES);
}

static struct heap_block *block_after(struct heap_block *b)
{
	return (struct heap_block *)(void *)(memory_of(b) + bytes_of(b));
}

static unsigned log2_floor(size_t n)
{
	return sizeof(long) * 8 - 1 - (unsigned)__builtin_clzl(n);
}

struct place {
	unsigned class, list;
};

/* The list that a free block of `bytes` is in. */
static struct place place_of(size_t bytes)
{
	if (bytes < (size_t)1 << HEAP_CLASS_SHIFT)
		return (struct place){0, (unsigned)(bytes / HEAP_ALIGN)};
	unsigned log2 = log2_floor(bytes);
	unsigned list = (unsigned)(bytes >> (log2 - 4)) % HEAP_LISTS;
	return (struct place){log2 - HEAP_CLASS_SHIFT + 1, list};
}

/* The first list all of whose blocks hold `bytes`. */
static struct place place_for(size_t bytes)
{
	if (bytes >= (size_t)1 << HEAP_CLASS_SHIFT)
		bytes += ((size_t)1 << (log2_floor(bytes) - 4)) - 1;
	return place_of(bytes);
}

static void link_free(struct heap *h, struct heap_block *b)
{
	struct place at = place_of(bytes_of(b));
	struct heap_block *first = h->free[at.class][at.list];
	b->bytes |= IS_FREE;
	b->prev_free = NULL;
	b->next_free = first;
	if (first != NULL)
		first->prev_free = b;
	h->free[at.class][at.list] = b;
	h->lists[at.class] |= (uint16_t)(1u << at.list);
	h->classes |= 1u << at.class;
}

static void unlink_free(struct heap *h, struct heap_block *b)
{
	struct place at = place_of(bytes_of(b));
	struct heap_block *next = b->next_free, *prev = b->prev_free;
	/* Written to after it was freed? */
	assert(next == NULL || next->prev_free == b);
	assert(prev != NULL ? prev->next_free == b : h->free[at.class][at.list] == b);
	if (next != NULL)
		next->prev_free = prev;
	if (prev != NULL) {
		prev->next_free = next;
	} else {
		h->free[at.class][at.list] = next;
		if (next == NULL) {
			h->lists[at.class] &= (uint16_t) ~(1u << at.list);
			if (h->lists[at.class] == 0)
				h->classes &= ~(1u << at.class);
		}
	}
	b->bytes &= ~IS_FREE;
}

/* A free block of at least `bytes`, taken off its list, or NULL. */
static struct heap_block *take_fitting(struct heap *h, size_t bytes)
{
	struct place at = place_for(bytes);
	unsigned lists = h->lists[at.class] & ~0u << at.list;
	if (lists == 0) {
		uint32_t classes = h->classes & ~1u << at.class;
		if (classes == 0)
			return NULL;
		at.class = (unsigned)__builtin_ctz(classes);
		lists = h->lists[at.class];
	}
	at.list = (unsigned)__builtin_ctz(lists);
	struct heap_block *b = h->free[at.class][at.list];
	unlink_free(h, b);
	return b;
}

/* Cuts `b`, not free, so that it keeps `bytes`; the rest, if it makes a block, is returned. */
static struct heap_block *split(struct heap_block *b, size_t bytes)
{
	if (bytes_of(b) - bytes < HEADER_BYTES + HEAP_ALIGN)
		return NULL;
	struct heap_block *rest = (struct heap_block *)(void *)(memory_of(b) + bytes);
	rest->before = b;
	rest->bytes = bytes_of(b) - bytes - HEADER_BYTES;
	b->bytes = bytes;
	block_after(rest)->before = rest;
	return rest;
}

/* Makes `b` a free block, one with its free neighbours. */
static void release(struct heap *h, struct heap_block *b)
{
	struct heap_block *after = block_after(b), *before = b->before;
	if (is_free(after)) {
		unlink_free(h, after);
		b->bytes += HEADER_BYTES + bytes_of(after);
		after->bytes = IS_FREE; /* a stale pointer to it shall be noticed */
	}
	if (before != NULL && is_free(before)) {
		unlink_free(h, before);
		before->bytes += HEADER_BYTES + bytes_of(b);
		b->bytes = IS_FREE;
		b = before;
	}
	block_after(b)->before = b;
	link_free(h, b);
}

static bool is_inside(const struct heap *h, const struct heap_block *b)
{
	uintptr_t at = (uintptr_t)b;
	return at % HEAP_ALIGN == 0 && at >= h->lowest && at < h->highest;
}

/*
 * A header that names a size and a neighbour in the heap, and both neighbours name it: what is not
 * a block, or has been written over from the block before, does not. Trusts no pointer unseen.
 */
static bool is_intact(const struct heap *h, struct heap_block *b)
{
	return is_inside(h, b) && bytes_of(b) < h->highest - (uintptr_t)b &&
	       is_inside(h, block_after(b)) && block_after(b)->before == b &&
	       (b->before == NULL || (is_inside(h, b->before) && block_after(b->before) == b));
}

static void check_in_use(const struct heap *h, struct heap_block *b)
{
	assert(is_inside(h, b) && !is_free(b)); /* freed twice? */
	assert(is_intact(h, b));                /* written past its end? */
}

static void count_used(struct heap *h, struct heap_block *b)
{
	h->used_bytes += HEADER_BYTES + bytes_of(b);
	if (h->used_bytes > h->peak_bytes)
		h->peak_bytes = h->used_bytes;
}

static void trim(struct heap *h, struct heap_block *b, size_t bytes)
{
	struct heap_block *rest = split(b, bytes);
	if (rest != NULL)
		release(h, rest);
}

void heap_init(struct heap *h)
{
	*h = (struct heap){.lowest = UINTPTR_MAX};
}

/* One free block of all `bytes` at `start`, both aligned, and the header behind it. */
static void add_block(struct heap *h, uintptr_t start, size_t bytes)
{
	struct heap_block *b = (struct heap_block *)start;
	b->before = NULL;
	b->bytes = bytes - 2 * HEADER_BYTES;
	struct heap_block *last = block_after(b);
	last->before = b;
	last->bytes = 0;
	h->total_bytes += HEADER_BYTES + bytes_of(b);
	h->lowest = MIN(h->lowest, start);
	h->highest = MAX(h->highest, start + bytes);
	link_free(h, b);
}

void heap_add_region(struct heap *h, void *start, size_t bytes)
{
	uintptr_t first = ROUND_UP((uintptr_t)start, (uintptr_t)HEAP_ALIGN);
	uintptr_t end = ROUND_DOWN((uintptr_t)start + bytes, (uintptr_t)HEAP_ALIGN);

	while (end > first && end - first >= 2 * HEADER_BYTES + HEAP_ALIGN) {
		size_t part = MIN(end - first, BYTES_MAX);
		add_block(h, first, part);
		first += part;
	}
}

static size_t round_request(size_t bytes)
{
	return bytes == 0 ? HEAP_ALIGN : ROUND_UP(bytes, (size_t)HEAP_ALIGN);
}

void *heap_alloc(struct heap *h, size_t bytes)
{
	return heap_alloc_aligned(h, HEAP_ALIGN, bytes);
}

void *heap_alloc_aligned(struct heap *h, size_t align, size_t bytes)
{
	assert(align != 0 && (align & (align - 1)) == 0);
	/* What lies in front of the aligned address must be a whole block, or nothing. */
	size_t spare = align > HEAP_ALIGN ? align + HEADER_BYTES + HEAP_ALIGN : 0;
	struct heap_block *b = NULL;
	if (bytes <= BYTES_MAX / 2 && align <= BYTES_MAX / 4) {
		bytes = round_request(bytes);
		b = take_fitting(h, bytes + spare);
	}
	if (b == NULL) {
		h->failed++;
		return NULL;
	}
	uintptr_t memory = (uintptr_t)memory_of(b), aligned = ROUND_UP(memory, align);
	if (aligned != memory) {
		if (aligned - memory < HEADER_BYTES + HEAP_ALIGN)
			aligned += align;
		struct heap_block *front = b;
		b = split(front, aligned - memory - HEADER_BYTES);
		release(h, front);
	}
	trim(h, b, bytes);
	count_used(h, b);
	return memory_of(b);
}

void heap_free(struct heap *h, void *p)
{
	if (p == NULL)
		return;
	struct heap_block *b = block_of(p);
	check_in_use(h, b);
	h->used_bytes -= HEADER_BYTES + bytes_of(b);
	release(h, b);
}

size_t heap_usable_bytes(const struct heap *h, const void *p)
{
	struct heap_block *b = block_of(p);
	check_in_use(h, b);
	return bytes_of(b);
}

/* Takes in the free block behind `b` if together they hold `bytes`. */
static void grow(struct heap *h, struct heap_block *b, size_t bytes)
{
	struct heap_block *after = block_after(b);
	if (!is_free(after) || bytes_of(b) + HEADER_BYTES + bytes_of(after) < bytes)
		return;
	unlink_free(h, after);
	b->bytes += HEADER_BYTES + bytes_of(after);
	after->bytes = IS_FREE;
	block_after(b)->before = b;
}

void *heap_realloc(struct heap *h, void *p, size_t bytes)
{
	if (p == NULL || bytes > BYTES_MAX / 2)
		return heap_alloc(h, bytes);
	struct heap_block *b = block_of(p);
	check_in_use(h, b);
	size_t before = bytes_of(b);
	size_t wanted = round_request(bytes);
	if (before < wanted)
		grow(h, b, wanted);
	if (bytes_of(b) >= wanted) {
		h->used_bytes -= HEADER_BYTES + before;
		trim(h, b, wanted);
		count_used(h, b);
		return p;
	}
	void *moved = heap_alloc(h, bytes);
	if (moved != NULL) {
		memcpy(moved, p, before);
		heap_free(h, p);
	}
	return moved;
}
