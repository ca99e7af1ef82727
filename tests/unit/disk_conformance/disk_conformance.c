/* SPDX-License-Identifier: ISC */
#include "tests/unit/disk_conformance/disk_conformance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SECTORS = 128, SECTOR_MAX = 4096 };

static struct disk_subject *subject;
static struct disk *disk;
static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS * SECTOR_MAX + 1];

static uint8_t byte_of(uint64_t sector, size_t i, unsigned salt)
{
	return (uint8_t)(sector * 31 + i * 7 + (i >> 8) + salt);
}

static void fill(uint8_t *at, uint64_t sector, uint32_t count, unsigned salt)
{
	for (uint32_t s = 0; s < count; s++) {
		for (size_t i = 0; i < disk->sector_bytes; i++)
			*at++ = byte_of(sector + s, i, salt);
	}
}

static void is_filled(const uint8_t *at, uint64_t sector, uint32_t count, unsigned salt)
{
	for (uint32_t s = 0; s < count; s++) {
		for (size_t i = 0; i < disk->sector_bytes; i++)
			assert_int_equal(*at++, byte_of(sector + s, i, salt));
	}
}

static uint8_t *at(uint32_t sector)
{
	return &memory[sector * disk->sector_bytes];
}

static void written(void)
{
	assert_true(disk->sectors >= 2 * SECTORS);
	fill(memory, 0, SECTORS, 0);
	assert_int_equal(disk_write(disk, 0, SECTORS, memory), OK);
}

static void reads_what_was_written(void)
{
	static const uint32_t runs[][2] = {{0, 1}, {7, 3}, {9, 50}, {64, 64}, {127, 1}};

	written();
	for (unsigned i = 0; i < ARRAY_SIZE(runs); i++) {
		uint32_t from = runs[i][0], n = runs[i][1];

		fill(memory, from, n, 1);
		assert_int_equal(disk_write(disk, from, n, memory), OK);
		memset(memory, 0xee, sizeof(memory));
		assert_int_equal(disk_read(disk, 0, SECTORS, memory), OK);
		is_filled(memory, 0, from, 0);
		is_filled(at(from), from, n, 1);
		is_filled(at(from + n), from + n, SECTORS - from - n, 0);
		fill(memory, from, n, 0);
		assert_int_equal(disk_write(disk, from, n, memory), OK);
	}
	assert_int_equal(disk_read(disk, 0, 0, memory), OK);
}

static void memory_of_any_alignment(void)
{
	written();
	fill(memory + 1, 20, 40, 3);
	assert_int_equal(disk_write(disk, 20, 40, memory + 1), OK);
	memset(memory, 0, sizeof(memory));
	assert_int_equal(disk_read(disk, 19, 42, memory + 1), OK);
	is_filled(memory + 1, 19, 1, 0);
	is_filled(memory + 1 + disk->sector_bytes, 20, 40, 3);
	is_filled(memory + 1 + 41 * (size_t)disk->sector_bytes, 60, 1, 0);
	assert_int_equal(memory[0], 0);
}

static void past_the_end_is_nothing(void)
{
	uint64_t end = disk->sectors;

	written();
	assert_int_equal(disk_read(disk, end, 1, memory), ERR_RANGE);
	assert_int_equal(disk_read(disk, end - 1, 2, memory), ERR_RANGE);
	assert_int_equal(disk_write(disk, UINT64_MAX, 2, memory), ERR_RANGE);
	assert_int_equal(disk_zero(disk, end - 1, UINT64_MAX), ERR_RANGE);
	assert_int_equal(disk_discard(disk, end, 1), ERR_RANGE);
	assert_int_equal(disk_read(disk, end - 1, 1, memory), OK);
}

static void zeroes(void)
{
	written();
	assert_int_equal(disk_zero(disk, 10, 100), OK);
	assert_int_equal(disk_read(disk, 9, 102, memory), OK);
	is_filled(memory, 9, 1, 0);
	is_filled(at(101), 110, 1, 0);
	for (size_t i = 0; i < 100u * disk->sector_bytes; i++)
		assert_int_equal(at(1)[i], 0);
	assert_int_equal(disk_zero(disk, 10, 0), OK);
}

static void discards_nothing_else(void)
{
	written();
	assert_int_equal(disk_discard(disk, 10, 100), OK);
	assert_int_equal(disk_read(disk, 0, SECTORS, memory), OK);
	is_filled(memory, 0, 10, 0);
	is_filled(at(110), 110, SECTORS - 110, 0);
	fill(memory, 10, 100, 5);
	assert_int_equal(disk_write(disk, 10, 100, memory), OK);
	assert_int_equal(disk_read(disk, 10, 100, memory), OK);
	is_filled(memory, 10, 100, 5);
}

static void flushes(void)
{
	written();
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(disk_read(disk, 0, SECTORS, memory), OK);
	is_filled(memory, 0, SECTORS, 0);
}

/* One failure is told, by the call itself or the next flush, and the disk goes on. */
static void an_error_reaches_the_caller(void)
{
	enum err e;

	written();
	assert_int_equal(disk_flush(disk), OK);
	subject->fail_next(subject);
	e = disk_write(disk, 200, 8, memory);
	if (e == OK)
		e = disk_flush(disk);
	assert_int_equal(e, ERR_IO);
	assert_int_equal(disk_write(disk, 200, 8, memory), OK);
	assert_int_equal(disk_flush(disk), OK);
	subject->fail_next(subject);
	assert_int_equal(disk_read(disk, 230, 8, memory), ERR_IO);
	assert_int_equal(disk_read(disk, 230, 8, memory), OK);
}

/* --- the runner ------------------------------------------------------------------------------ */

static int set_up(void **state)
{
	(void)state;
	subject->set_up(subject);
	disk = subject->disk;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	subject->tear_down(subject);
	return 0;
}

/* The state is where the function stands, since its own address is none of an object. */
static void within(void **state)
{
	void (*const *fn)(void) = *state;

	if (subject->within != NULL)
		subject->within(*fn);
	else
		(*fn)();
}

int disk_conformance(struct disk_subject *s)
{
	static void (*const fn[])(void) = {reads_what_was_written,     memory_of_any_alignment,
					   past_the_end_is_nothing,    zeroes,
					   discards_nothing_else,      flushes,
					   an_error_reaches_the_caller};
	static const char *const names[] = {"reads_what_was_written",     "memory_of_any_alignment",
					    "past_the_end_is_nothing",    "zeroes",
					    "discards_nothing_else",      "flushes",
					    "an_error_reaches_the_caller"};
	struct CMUnitTest tests[ARRAY_SIZE(fn)];

	for (size_t i = 0; i < ARRAY_SIZE(fn); i++)
		tests[i] = (struct CMUnitTest){names[i], within, set_up, tear_down,
					       (void *)(uintptr_t)&fn[i]};
	subject = s;
	return _cmocka_run_group_tests(s->name, tests, ARRAY_SIZE(tests), NULL, NULL);
}
