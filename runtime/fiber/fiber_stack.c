/* SPDX-License-Identifier: ISC */
/*
 * Where fibers' stacks come from, and how much of them is used.
 */
#include "arch/mmu.h"
#include "base/assert.h"
#include "runtime/fiber/fiber_internal.h"
#include "runtime/heap/heap.h"

/* Fills a fresh stack, so that its use can be measured and its overflow noticed. */
#define STACK_PATTERN 0x7374616bu

static void fill(void *stack, size_t bytes)
{
	uint32_t *word = stack;
	for (size_t i = 0; i < bytes / sizeof(*word); i++)
		word[i] = STACK_PATTERN;
}

bool fiber_stack_intact(const struct fiber *f)
{
	return *(const uint32_t *)(const void *)f->stack == STACK_PATTERN;
}

/* The sanitizer marks parts of a stack in use as not to be touched; to look at them is harmless. */
__attribute__((no_sanitize_address)) size_t fiber_stack_used(const struct fiber *f)
{
	const uint32_t *word = (const void *)f->stack;
	size_t words = f->stack_bytes / sizeof(*word), unused = 0;
	if (f->ended)
		return 0;
	while (unused < words && word[unused] == STACK_PATTERN)
		unused++;
	return (words - unused) * sizeof(*word);
}

void fiber_spawn_on(struct fiber *f, const char *name, void *stack, size_t stack_bytes,
		    void (*fn)(void *arg), void *arg)
{
	assert((uintptr_t)stack % 16 == 0);
	assert(stack_bytes >= FIBER_STACK_BYTES_MIN && stack_bytes % 16 == 0);
	fill(stack, stack_bytes);
	fiber_prepare(f, name, stack, stack_bytes, fn, arg);
}

static size_t whole_stack(size_t bytes)
{
	bytes = MAX(bytes, (size_t)FIBER_STACK_BYTES_MIN) + FIBER_STACK_EXTRA_BYTES;
	return ROUND_UP(bytes, (size_t)PAGE_BYTES);
}

/* The block from the heap begins with the guard page. */
static void release_to_heap(struct fiber *f)
{
	uint8_t *block = f->stack - PAGE_BYTES;
	enum err e = mmu_protect((uintptr_t)block, PAGE_BYTES, MMU_RW);
	assert(e == OK); /* the tables for this page exist since it became a guard */
	heap_free(runtime_heap(), block);
}

enum err fiber_spawn(struct fiber *f, const char *name, size_t stack_bytes, void (*fn)(void *arg),
		     void *arg)
{
	stack_bytes = whole_stack(stack_bytes);
	uint8_t *block = heap_alloc_aligned(runtime_heap(), PAGE_BYTES, PAGE_BYTES + stack_bytes);
	if (block == NULL)
		return ERR_NOMEM;
	if (mmu_protect((uintptr_t)block, PAGE_BYTES, MMU_NONE) != OK) {
		heap_free(runtime_heap(), block);
		return ERR_NOMEM;
	}
	fiber_spawn_on(f, name, block + PAGE_BYTES, stack_bytes, fn, arg);
	f->release = release_to_heap;
	return OK;
}

void fiber_spawn_for_ever(struct fiber *f, const char *name, size_t stack_bytes,
			  void (*fn)(void *arg))
{
	stack_bytes = whole_stack(stack_bytes);
	uint8_t *guard = memory_take_last("stacks", PAGE_BYTES, PAGE_BYTES + stack_bytes);
	/* Without page tables left for a guard, the word at the end still guards. */
	(void)!mmu_protect((uintptr_t)guard, PAGE_BYTES, MMU_NONE);
	fiber_spawn_on(f, name, guard + PAGE_BYTES, stack_bytes, fn, NULL);
}

static void release_to_pool(struct fiber *f)
{
	struct fiber_pool *pool = f->release_arg;
	pool->used--;
	list_push_back(&pool->free, &f->node);
}

static void prepare_pool(struct fiber_pool *pool)
{
	list_init(&pool->free);
	for (uint32_t i = 0; i < pool->count; i++) {
		struct fiber *f = &pool->fibers[i];
		uint8_t *guard = pool->stacks + i * pool->stride;
		/* Without page tables left for a guard, the word at the end still guards. */
		(void)!mmu_protect((uintptr_t)guard, PAGE_BYTES, MMU_NONE);
		f->stack = guard + PAGE_BYTES;
		f->stack_bytes = pool->stride - PAGE_BYTES;
		fill(f->stack, f->stack_bytes);
		list_push_back(&pool->free, &f->node);
	}
	pool->ready = true;
}

struct fiber *fiber_pool_spawn(struct fiber_pool *pool, const char *name, void (*fn)(void *arg),
			       void *arg)
{
	if (!pool->ready)
		prepare_pool(pool);
	struct list *node = list_pop_front(&pool->free);
	if (node == NULL) {
		pool->exhausted++;
		return NULL;
	}
	if (++pool->used > pool->used_max)
		pool->used_max = pool->used;
	struct fiber *f = list_entry(node, struct fiber, node);
	fiber_prepare(f, name, f->stack, f->stack_bytes, fn, arg);
	f->release = release_to_pool;
	f->release_arg = pool;
	return f;
}
