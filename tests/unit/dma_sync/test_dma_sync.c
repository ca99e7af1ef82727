/* SPDX-License-Identifier: ISC */
/*
 * Buffers on their way to a device and back, with memory and cache as two copies; and that what a
 * driver does wrong is seen, by the fake or by the checks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/cache_fake.h"

#include "drivers/dma/dma_sync/dma_sync.h"
#include "tests/fakes/runtime.h"

enum { BYTES = 4 * CACHE_LINE_BYTES };

static ALIGNED(CACHE_LINE_BYTES) uint8_t buffer[BYTES], other[CACHE_LINE_BYTES];

static int begin(void **state)
{
	(void)state;
	cache_fake_init();
	memset(buffer, 1, sizeof(buffer));
	return 0;
}

static int end(void **state)
{
	(void)state;
	cache_fake_fini();
	return 0;
}

static void what_is_sent_is_what_the_processor_wrote(void **state)
{
	uint8_t seen[100];

	(void)state;
	/* Not whole lines, and twice at a time: a device that reads may have that. */
	memset(buffer + 3, 7, sizeof(seen));
	dma_sync_for_device(buffer + 3, sizeof(seen), DMA_TO_DEVICE);
	dma_sync_for_device(buffer + 50, sizeof(seen), DMA_TO_DEVICE);
	cache_fake_device_read(seen, buffer + 3, sizeof(seen));
	assert_memory_equal(seen, buffer + 3, sizeof(seen));
	dma_sync_for_cpu(buffer + 50, sizeof(seen), DMA_TO_DEVICE);
	dma_sync_for_cpu(buffer + 3, sizeof(seen), DMA_TO_DEVICE);
}

static void what_is_received_is_what_the_device_wrote(void **state)
{
	uint8_t frame[100];

	(void)state;
	memset(frame, 9, sizeof(frame));
	dma_sync_for_device(buffer, BYTES, DMA_FROM_DEVICE);
	cache_fake_device_write(buffer, frame, sizeof(frame));
	assert_int_equal(buffer[0], DMA_SYNC_POISON); /* nothing is seen before */
	dma_sync_for_cpu(buffer, sizeof(frame), DMA_FROM_DEVICE);
	assert_memory_equal(buffer, frame, sizeof(frame));
	/* What the device left alone is of no earlier frame. */
	for (size_t i = sizeof(frame); i < BYTES; i++)
		assert_int_equal(buffer[i], DMA_SYNC_POISON);
}

static void a_descriptor_goes_to_and_fro(void **state)
{
	uint32_t *status = (uint32_t *)(void *)buffer, seen, done = 0;

	(void)state;
	*status = 0x80000000u;
	dma_sync_for_device(status, CACHE_LINE_BYTES, DMA_BIDIRECTIONAL);
	cache_fake_device_read(&seen, status, sizeof(seen));
	assert_int_equal(seen, 0x80000000u);
	dma_sync_peek(status, CACHE_LINE_BYTES);
	assert_int_equal(*status, 0x80000000u);
	cache_fake_device_write(status, &done, sizeof(done));
	assert_int_equal(*status, 0x80000000u);
	dma_sync_peek(status, CACHE_LINE_BYTES);
	assert_int_equal(*status, 0);
	dma_sync_for_cpu(status, CACHE_LINE_BYTES, DMA_BIDIRECTIONAL);
	/* Handed over again as it is, it is still what the device wrote. */
	dma_sync_for_device(status, CACHE_LINE_BYTES, DMA_BIDIRECTIONAL);
	cache_fake_device_read(&seen, status, sizeof(seen));
	assert_int_equal(seen, 0);
}

/* --- what the checks refuse ------------------------------------------------------------------- */

static void lines_that_others_share_are_refused(void **state)
{
	(void)state;
	expect_assert_failure(dma_sync_for_device(buffer + 4, CACHE_LINE_BYTES, DMA_FROM_DEVICE));
	expect_assert_failure(dma_sync_for_device(buffer, CACHE_LINE_BYTES + 4, DMA_FROM_DEVICE));
	expect_assert_failure(dma_sync_for_device(buffer, 16, DMA_BIDIRECTIONAL));
}

static void what_is_with_a_device_goes_to_no_other(void **state)
{
	(void)state;
	dma_sync_for_device(buffer, BYTES, DMA_FROM_DEVICE);
	expect_assert_failure(dma_sync_for_device(buffer, BYTES, DMA_FROM_DEVICE));
	expect_assert_failure(dma_sync_for_device(buffer + BYTES - 1, 1, DMA_TO_DEVICE));
	assert_non_null(strstr(fake_log_last, "part of them is with one"));
	dma_sync_for_device(other, sizeof(other), DMA_TO_DEVICE);
	expect_assert_failure(dma_sync_for_device(other, sizeof(other), DMA_FROM_DEVICE));
}

static void only_what_was_handed_over_comes_back(void **state)
{
	(void)state;
	expect_assert_failure(dma_sync_for_cpu(buffer, BYTES, DMA_FROM_DEVICE));
	dma_sync_for_device(buffer, CACHE_LINE_BYTES, DMA_FROM_DEVICE);
	expect_assert_failure(dma_sync_for_cpu(buffer, BYTES, DMA_FROM_DEVICE));
	expect_assert_failure(dma_sync_for_cpu(buffer, CACHE_LINE_BYTES, DMA_TO_DEVICE));
	expect_assert_failure(dma_sync_peek(buffer, BYTES));
	dma_sync_for_cpu(buffer, 0, DMA_FROM_DEVICE);
	expect_assert_failure(dma_sync_for_cpu(buffer, 0, DMA_FROM_DEVICE));
	expect_assert_failure(dma_sync_peek(buffer, CACHE_LINE_BYTES));
}

static void what_changes_while_it_is_sent_is_seen(void **state)
{
	(void)state;
	dma_sync_for_device(buffer, BYTES, DMA_TO_DEVICE);
	buffer[BYTES - 1] ^= 1;
	expect_assert_failure(dma_sync_for_cpu(buffer, BYTES, DMA_TO_DEVICE));
	assert_non_null(strstr(fake_log_last, "were changed"));
}

static void the_list_has_an_end(void **state)
{
	(void)state;
	for (unsigned i = 0; i < DMA_SYNC_LOANS_MAX; i++)
		dma_sync_for_device(buffer, 1 + i % BYTES, DMA_TO_DEVICE);
	expect_assert_failure(dma_sync_for_device(buffer, BYTES, DMA_TO_DEVICE));
	for (unsigned i = 0; i < DMA_SYNC_LOANS_MAX; i++)
		dma_sync_for_cpu(buffer, 1 + i % BYTES, DMA_TO_DEVICE);
	dma_sync_for_device(buffer, BYTES, DMA_FROM_DEVICE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_is_sent_is_what_the_processor_wrote),
		TEST(what_is_received_is_what_the_device_wrote),
		TEST(a_descriptor_goes_to_and_fro),
		TEST(lines_that_others_share_are_refused),
		TEST(what_is_with_a_device_goes_to_no_other),
		TEST(only_what_was_handed_over_comes_back),
		TEST(what_changes_while_it_is_sent_is_seen),
		TEST(the_list_has_an_end),
	};

	return cmocka_run_group_tests_name("dma_sync", tests, NULL, NULL);
}
