/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/heap/heap.h"

enum { REGION_BYTES = 256 << 10, SLOTS = 200, STEPS = 200000 };

static struct heap heap;
static ALIGNED(4096) uint8_t region[REGION_BYTES];

static int fresh_heap(void **state)
{
	(void)state;
	memset(region, 0xa5, sizeof(region));
	heap_init(&heap);
	heap_add_region(&heap, region, sizeof(region));
	return 0;
}

/* The model: what each block must hold, one byte value throughout. */
static struct slot {
	uint8_t *p;
	size_t bytes;
	uint8_t fill;
} slot[SLOTS];

static void check_contents(const struct slot *s, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		assert_int_equal(s->p[i], s->fill);
}

static void check_no_overlap(const struct slot *s)
{
	assert_true(s->p >= region && s->p + s->bytes <= region + sizeof(region));
	for (const struct slot *o = slot; o < slot + SLOTS; o++) {
		if (o != s && o->p != NULL)
			assert_true(s->p + s->bytes <= o->p || o->p + o->bytes <= s->p);
	}
}

static void take(struct slot *s)
{
	static unsigned next_fill;
	size_t align = (size_t)1 << rand() % 13;
	s->bytes = (size_t)rand() % (rand() % 4 == 0 ? 20000 : 300);
	s->p = rand() % 2 != 0 ? heap_alloc(&heap, s->bytes)
			       : heap_alloc_aligned(&heap, align, s->bytes);
	if (s->p == NULL)
		return;
	if ((uintptr_t)s->p % align != 0)
		assert_true((uintptr_t)s->p % HEAP_ALIGN == 0);
	assert_true(heap_usable_bytes(&heap, s->p) >= s->bytes);
	check_no_overlap(s);
	s->fill = (uint8_t)++next_fill;
	memset(s->p, s->fill, s->bytes);
}

static void give_back(struct slot *s)
{
	check_contents(s, s->bytes);
	heap_free(&heap, s->p);
	s->p = NULL;
}

static void resize(struct slot *s)
{
	size_t bytes = (size_t)rand() % 3000;
	uint8_t *p = heap_realloc(&heap, s->p, bytes);
	if (p != NULL) {
		s->p = p;
		check_contents(s, s->bytes < bytes ? s->bytes : bytes);
		s->bytes = bytes;
		check_no_overlap(s);
		memset(s->p, s->fill, s->bytes);
	} else {
		check_contents(s, s->bytes);
	}
}

static void agrees_with_a_model(void **state)
{
	(void)state;
	srand(7);
	memset(slot, 0, sizeof(slot));
	for (unsigned step = 0; step < STEPS; step++) {
		struct slot *s = &slot[rand() % SLOTS];
		if (s->p == NULL)
			take(s);
		else if (rand() % 4 == 0)
			resize(s);
		else
			give_back(s);
		assert_true(heap_used_bytes(&heap) <= heap_total_bytes(&heap));
	}
	assert_true(heap.failed > 0); /* it has been full */
	for (unsigned i = 0; i < SLOTS; i++) {
		if (slot[i].p != NULL)
			give_back(&slot[i]);
	}
	assert_int_equal(heap_used_bytes(&heap), 0);
	assert_true(heap_peak_bytes(&heap) > REGION_BYTES / 2);
	/* All is one block again. */
	void *most = heap_alloc(&heap, REGION_BYTES - REGION_BYTES / 16);
	assert_non_null(most);
}

static void aligned_blocks_are_aligned(void **state)
{
	(void)state;
	for (size_t align = 1; align <= 4096; align *= 2) {
		void *p = heap_alloc_aligned(&heap, align, 100);
		assert_non_null(p);
		assert_true((uintptr_t)p % align == 0);
	}
	expect_assert_failure((void)!heap_alloc_aligned(&heap, 24, 1));
}

static void absurd_sizes_are_refused(void **state)
{
	(void)state;
	assert_null(heap_alloc(&heap, SIZE_MAX));
	assert_null(heap_alloc(&heap, SIZE_MAX - 8));
	assert_null(heap_alloc(&heap, REGION_BYTES));
	assert_null(heap_alloc_aligned(&heap, 4096, SIZE_MAX - 4096));
	assert_null(heap_alloc_aligned(&heap, SIZE_MAX / 2 + 1, 1));
	void *p = heap_alloc(&heap, 10);
	assert_null(heap_realloc(&heap, p, SIZE_MAX));
	assert_int_equal(heap.failed, 6);
	heap_free(&heap, p);
}

static void nothing_is_something_too(void **state)
{
	(void)state;
	void *a = heap_alloc(&heap, 0), *b = heap_alloc(&heap, 0);
	assert_non_null(a);
	assert_ptr_not_equal(a, b);
	heap_free(&heap, NULL);
	assert_non_null(heap_realloc(&heap, NULL, 5));
}

static void growing_in_place_does_not_move(void **state)
{
	(void)state;
	char *p = heap_alloc(&heap, 100);
	assert_ptr_equal(heap_realloc(&heap, p, 5000), p);
	assert_ptr_equal(heap_realloc(&heap, p, 50), p);
	assert_in_range(heap_used_bytes(&heap), 50, 100);
}

static void freeing_twice_is_noticed(void **state)
{
	(void)state;
	void *a = heap_alloc(&heap, 100), *b = heap_alloc(&heap, 100), *c = heap_alloc(&heap, 100);
	heap_free(&heap, b);
	expect_assert_failure(heap_free(&heap, b));
	heap_free(&heap, a);
	expect_assert_failure(heap_free(&heap, a));
	expect_assert_failure(heap_free(&heap, b)); /* part of a's free block by now */
	heap_free(&heap, c);
	expect_assert_failure(heap_free(&heap, c));
}

static void freeing_a_stranger_is_noticed(void **state)
{
	char *p = heap_alloc(&heap, 100);
	(void)state;
	memset(p, 0, 100);
	expect_assert_failure(heap_free(&heap, p + 1));
	expect_assert_failure(heap_free(&heap, p + HEAP_ALIGN));
	heap_free(&heap, p);
}

static void writing_past_the_end_is_noticed(void **state)
{
	(void)state;
	char *a = heap_alloc(&heap, 96), *b = heap_alloc(&heap, 96);
	memset(a, 1, 96 + sizeof(void *));
	expect_assert_failure(heap_free(&heap, a));
	expect_assert_failure(heap_free(&heap, b));
}

static void writing_after_freeing_is_noticed(void **state)
{
	(void)state;
	char *a = heap_alloc(&heap, 96), *gap = heap_alloc(&heap, 16), *b = heap_alloc(&heap, 96);
	assert_non_null(heap_alloc(&heap, 16));
	heap_free(&heap, a);
	heap_free(&heap, b); /* both on one list: b, then a */
	memset(a + sizeof(void *), 0, sizeof(void *));
	expect_assert_failure((void)!heap_alloc(&heap, 96));
	(void)gap;
}

static void regions_add_up(void **state)
{
	static ALIGNED(16) uint8_t more[4096], tiny[HEAP_ALIGN];
	(void)state;
	size_t before = heap_total_bytes(&heap);
	heap_add_region(&heap, tiny, sizeof(tiny)); /* too small to be of use */
	assert_int_equal(heap_total_bytes(&heap), before);
	heap_add_region(&heap, more + 3, sizeof(more) - 3);
	assert_in_range(heap_total_bytes(&heap), before + 4000, before + 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(agrees_with_a_model, fresh_heap),
		cmocka_unit_test_setup(aligned_blocks_are_aligned, fresh_heap),
		cmocka_unit_test_setup(absurd_sizes_are_refused, fresh_heap),
		cmocka_unit_test_setup(nothing_is_something_too, fresh_heap),
		cmocka_unit_test_setup(growing_in_place_does_not_move, fresh_heap),
		cmocka_unit_test_setup(freeing_twice_is_noticed, fresh_heap),
		cmocka_unit_test_setup(freeing_a_stranger_is_noticed, fresh_heap),
		cmocka_unit_test_setup(writing_past_the_end_is_noticed, fresh_heap),
		cmocka_unit_test_setup(writing_after_freeing_is_noticed, fresh_heap),
		cmocka_unit_test_setup(regions_add_up, fresh_heap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
