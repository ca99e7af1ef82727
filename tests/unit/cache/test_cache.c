/* SPDX-License-Identifier: ISC */
/* A cache over a disk in memory that counts, fails and loses its power. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "storage/cache/cache.h"
#include "tests/fakes/disk_memory.h"
#include "tests/fakes/random.h"
#include "tests/unit/disk_conformance/disk_conformance.h"

enum { PAGES = 16, SECTOR = 512, IN_PAGE = CACHE_PAGE_BYTES / SECTOR, SECTORS = 1003 };

static struct disk_memory below;
static struct cache cache;
static struct disk *const disk = &cache.disk;
static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[CACHE_MEMORY_BYTES(PAGES)];
static uint8_t bytes[SECTORS * SECTOR];

static void set_up_of(uint64_t sectors, uint32_t sector_bytes, uint32_t pages)
{
	disk_memory_init(&below, sectors, sector_bytes);
	cache_init(&cache, &below.disk, memory, pages, NULL);
}

static int set_up(void **state)
{
	(void)state;
	set_up_of(SECTORS, SECTOR, PAGES);
	for (size_t i = 0; i < sizeof(bytes); i++)
		below.bytes[i] = (uint8_t)(i / SECTOR);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	disk_memory_fini(&below);
	return 0;
}

/* --- as any disk ----------------------------------------------------------------------------- */

static void set_up_plain(struct disk_subject *s)
{
	set_up_of(SECTORS, SECTOR, PAGES);
	s->disk = disk;
}

static void set_up_smallest(struct disk_subject *s)
{
	set_up_of(257, CACHE_PAGE_BYTES, CACHE_PAGES_MIN);
	s->disk = disk;
}

static void tear_down_subject(struct disk_subject *s)
{
	(void)s;
	disk_memory_fini(&below);
}

static void fail_next(struct disk_subject *s)
{
	(void)s;
	disk_memory_fail(&below, DISK_MEMORY_WRITE, 1, ERR_IO);
	/* Of a page, and of a part of it; a page of the smallest is one sector. */
	disk_memory_fail_next(&below, DISK_MEMORY_READ, cache.page_sectors > 1 ? 2 : 1, ERR_IO);
}

static int run_conformance(void)
{
	struct disk_subject subjects[] = {
		{"cache", NULL, set_up_plain, tear_down_subject, NULL, fail_next},
		{"smallest cache", NULL, set_up_smallest, tear_down_subject, NULL, fail_next},
	};

	return disk_conformance(&subjects[0]) + disk_conformance(&subjects[1]);
}

/* --- what is special ------------------------------------------------------------------------- */

static uint8_t value_at(uint64_t sector)
{
	uint8_t one[SECTOR];

	assert_int_equal(disk_read(disk, sector, 1, one), OK);
	assert_int_equal(one[0], one[SECTOR - 1]);
	return one[0];
}

static void set(uint64_t sector, uint8_t value)
{
	uint8_t one[SECTOR];

	memset(one, value, sizeof(one));
	assert_int_equal(disk_write(disk, sector, 1, one), OK);
}

static void what_was_read_is_held(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(value_at(300 + i % IN_PAGE), (uint8_t)(300 + i % IN_PAGE));
	assert_in_range(below.calls[DISK_MEMORY_READ], 1, 2);
	assert_int_equal(cache.stats.misses, 2); /* 300 is in the middle of a page */
	assert_int_equal(cache.stats.hits, 98);
}

static void what_was_not_used_for_longest_gives_way(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PAGES; i++)
		value_at(3 * i * IN_PAGE);
	value_at(0);
	value_at(100 * IN_PAGE);
	cache.stats = (struct cache_stats){0};
	value_at(0);
	assert_int_equal(cache.stats.hits, 1);
	value_at(3 * IN_PAGE);
	assert_int_equal(cache.stats.misses, 1);
}

static void who_reads_on_finds_it_there(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 60 * IN_PAGE; i++)
		assert_int_equal(value_at(i), (uint8_t)i);
	assert_true(below.calls[DISK_MEMORY_READ] <= 12);
	assert_true(cache.stats.ahead_used >= 45);
	assert_in_range(cache.stats.ahead, cache.stats.ahead_used, cache.stats.ahead_used + PAGES);
}

/* Reading ahead and writing back have one buffer for runs. */
static void reading_ahead_makes_room_among_what_is_dirty(void **state)
{
	uint8_t out[CACHE_PAGE_BYTES];

	(void)state;
	for (unsigned page = 0; page < PAGES / 2; page++)
		for (unsigned i = 0; i < IN_PAGE; i++)
			set(page * IN_PAGE + i, 0xee);
	for (unsigned page = 40; page < 100; page++) {
		assert_int_equal(disk_read(disk, page * IN_PAGE, IN_PAGE, out), OK);
		for (unsigned i = 0; i < IN_PAGE; i++)
			assert_int_equal(out[i * SECTOR], (uint8_t)(page * IN_PAGE + i));
	}
	assert_true(cache.stats.ahead_used > 0 && cache.stats.written_back > 0);
}

static void who_reads_here_and_there_gets_nothing_else(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 40; i++)
		value_at(i * 37 % 100 * IN_PAGE);
	assert_int_equal(cache.stats.ahead, 0);
	assert_true(below.sectors[DISK_MEMORY_READ] <= 40 * IN_PAGE);
}

static void large_transfers_go_past(void **state)
{
	uint32_t n = CACHE_RUN_PAGES * IN_PAGE;

	(void)state;
	set(5, 0x55);
	assert_int_equal(value_at(9), 9);
	assert_int_equal(disk_read(disk, 0, n, bytes), OK);
	assert_int_equal(cache.stats.direct, n);
	assert_int_equal(bytes[5 * SECTOR], 0x55); /* what is dirty counts */
	memset(bytes, 0x66, sizeof(bytes));
	assert_int_equal(disk_write(disk, 2, n, bytes), OK);
	assert_int_equal(value_at(5), 0x66);
	assert_int_equal(value_at(9), 0x66);
	assert_int_equal(value_at(1), 1);
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(below.bytes[5 * SECTOR], 0x66);
}

static void writes_wait_for_a_flush(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		set(i * IN_PAGE, 0x77);
	assert_int_equal(below.calls[DISK_MEMORY_WRITE], 0);
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(below.calls[DISK_MEMORY_WRITE], 1); /* neighbours go together */
	assert_int_equal(below.calls[DISK_MEMORY_FLUSH], 1);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(below.bytes[i * CACHE_PAGE_BYTES], 0x77);
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(below.calls[DISK_MEMORY_WRITE], 1);
}

static void no_more_than_half_is_dirty(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		set(i * IN_PAGE, 0x11);
		assert_true(cache.n_dirty <= PAGES / 2);
	}
	assert_true(cache.stats.written_back >= 100 - PAGES / 2);
}

static void an_error_is_the_flushs(void **state)
{
	(void)state;
	set(0, 0x22);
	set(50 * IN_PAGE, 0x33);
	disk_memory_fail(&below, DISK_MEMORY_WRITE, 1, ERR_IO);
	assert_int_equal(disk_flush(disk), ERR_IO);
	assert_int_equal(below.calls[DISK_MEMORY_FLUSH], 0);
	assert_int_equal(value_at(0), 0x22);
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(below.bytes[0], 0x22);
	assert_int_equal(below.bytes[50 * CACHE_PAGE_BYTES], 0x33);
	assert_int_equal(cache.stats.failed, 1);
}

/* Pages that cannot go down fill the cache: then who writes is told, and reads still work. */
static void a_disk_that_cannot_be_written(void **state)
{
	uint8_t one[SECTOR] = {0};
	enum err e = OK;

	(void)state;
	for (unsigned i = 0; i < 2 * PAGES && e == OK; i++) {
		disk_memory_fail(&below, DISK_MEMORY_WRITE, 1, ERR_IO);
		e = disk_write(disk, i * IN_PAGE, 1, one);
	}
	assert_int_equal(e, ERR_IO);
	disk_memory_fail(&below, DISK_MEMORY_WRITE, 1, ERR_IO);
	assert_int_equal(value_at(90 * IN_PAGE), (uint8_t)(90 * IN_PAGE));
	disk_memory_fail(&below, DISK_MEMORY_WRITE, 0, OK);
	assert_int_equal(disk_flush(disk), ERR_IO); /* of before */
	assert_int_equal(cache.n_dirty, 0);
	assert_int_equal(disk_flush(disk), OK);
}

/* It has a page in common with others, which can be read, and written, without it. */
static void a_bad_place_spoils_no_others(void **state)
{
	uint8_t three[3 * SECTOR];

	(void)state;
	below.bad = 50 * IN_PAGE + 2;
	assert_int_equal(value_at(below.bad - 1), (uint8_t)(below.bad - 1));
	assert_int_equal(disk_read(disk, below.bad, 1, three), ERR_IO);
	assert_int_equal(disk_read(disk, below.bad - 1, 3, three), ERR_IO);
	set(below.bad + 1, 0x55);
	assert_int_equal(value_at(below.bad + 1), 0x55);
	set(below.bad, 0x66); /* which mends it */
	assert_int_equal(value_at(50 * IN_PAGE + 2), 0x66);
	assert_int_equal(value_at(50 * IN_PAGE + 1), (uint8_t)(50 * IN_PAGE + 1));
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(below.bytes[(50 * IN_PAGE + 3) * SECTOR], 0x55);
}

static void one_that_does_not_answer_is_asked_once(void **state)
{
	uint8_t one[SECTOR];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(disk_read(disk, i * IN_PAGE, 1, one), OK);
	uint64_t calls = below.calls[DISK_MEMORY_READ];
	disk_memory_fail_next(&below, DISK_MEMORY_READ, 3, ERR_TIMEOUT);
	assert_int_equal(disk_read(disk, 3 * IN_PAGE, 1, one), ERR_TIMEOUT);
	assert_int_equal(below.calls[DISK_MEMORY_READ], calls + 1);
}

static void a_disk_that_dies(void **state)
{
	uint8_t one[SECTOR];

	(void)state;
	set(0, 1);
	disk_memory_die(&below, ERR_NODEV);
	assert_int_equal(disk_read(disk, 500, 1, one), ERR_NODEV);
	assert_int_equal(disk_read(disk, 0, 1, one), OK);
	assert_int_equal(disk_flush(disk), ERR_NODEV);
}

/*
 * Writes a sequence of numbered sectors with flushes in between, cuts the power at each change, and
 * looks at what is there: all up to the last flush that ended well, and nothing of what was written
 * after a flush that had not begun.
 */
static void history(uint64_t seed, uint64_t cut)
{
	struct random random = {.state = seed};
	uint8_t flushed[SECTORS] = {0}, written[SECTORS] = {0}, later[SECTORS] = {0};
	uint8_t one[SECTOR];
	bool is_flush_failed = false;

	disk_memory_init(&below, SECTORS, SECTOR);
	cache_init(&cache, &below.disk, memory, 8, NULL);
	disk_memory_cut_at(&below, cut, seed, 0);
	for (unsigned i = 1; i < 200 && !is_flush_failed; i++) {
		uint64_t sector = random_below(&random, SECTORS);

		if (random_below(&random, 8) == 0) {
			if (disk_flush(disk) == OK)
				memcpy(flushed, written, sizeof(flushed));
			else
				is_flush_failed = true;
			continue;
		}
		memset(one, (int)(i % 255 + 1), sizeof(one));
		if (disk_write(disk, sector, 1, one) == OK)
			written[sector] = one[0];
		else
			later[sector] = one[0];
	}
	disk_memory_power_on(&below);
	cache_init(&cache, &below.disk, memory, 8, NULL);
	for (uint64_t s = 0; s < SECTORS; s++) {
		/* A sector that was written again after the flush may have any of its values. */
		if (written[s] == flushed[s] && later[s] == 0)
			assert_int_equal(value_at(s), flushed[s]);
	}
	disk_memory_fini(&below);
}

static void what_was_flushed_survives_a_cut_anywhere(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		for (uint64_t cut = 1; cut <= 60; cut++)
			history(seed, cut);
	}
}

/* What a disk sees: every write of before a flush comes before it, every one of after it, after. */
static uint64_t epoch_of[SECTORS], epoch;
static enum err (*write_below)(struct disk *d, uint64_t sector, uint32_t count, const void *from);

static enum err noting_write(struct disk *d, uint64_t sector, uint32_t count, const void *from)
{
	const uint8_t *at = from;

	for (uint32_t i = 0; i < count; i++) {
		/* The first byte of what the test writes says after how many flushes it did. */
		if (at[i * SECTOR] != 0)
			assert_int_equal(at[i * SECTOR] - 1, epoch);
		epoch_of[sector + i] = epoch;
	}
	return write_below(d, sector, count, from);
}

static void nothing_moves_across_a_flush(void **state)
{
	struct random random = {.state = 7};
	struct disk_ops ops = *below.disk.ops;
	uint8_t one[SECTOR];

	(void)state;
	memset(below.bytes, 0, SECTORS * SECTOR);
	write_below = ops.write;
	ops.write = noting_write;
	below.disk.ops = &ops;
	for (epoch = 0; epoch < 200; epoch++) {
		/* Each epoch has pages of its own, since a page is written as a whole. */
		for (unsigned i = 0; i < 30; i++) {
			uint64_t page = epoch % 4 * 31 + random_below(&random, 31);

			memset(one, (int)epoch + 1, sizeof(one));
			for (unsigned s = 0; s < IN_PAGE; s++)
				assert_int_equal(disk_write(disk, page * IN_PAGE + s, 1, one), OK);
		}
		assert_int_equal(disk_flush(disk), OK);
		assert_int_equal(cache.n_dirty, 0);
	}
}

/* Calls of any kind and size, with failures now and then, beside an array that has what is right.
 */
static void any_calls_leave_what_is_right(void **state)
{
	static uint8_t right[SECTORS * SECTOR], is_known[SECTORS];
	struct random random = {.state = 3};

	(void)state;
	memcpy(right, below.bytes, sizeof(right));
	memset(is_known, 1, sizeof(is_known));
	for (unsigned i = 0; i < 20000; i++) {
		unsigned call = (unsigned)random_below(&random, 16);
		uint32_t most = random_below(&random, 20) == 0 ? 300 : 20;
		uint32_t n = 1 + (uint32_t)random_below(&random, most);
		uint64_t at = random_below(&random, SECTORS - n + 1);
		enum err e = OK;

		if (call < 7) {
			e = disk_read(disk, at, n, bytes);
			for (uint32_t s = 0; e == OK && s < n; s++) {
				if (is_known[at + s])
					assert_memory_equal(&bytes[s * SECTOR],
							    &right[(at + s) * SECTOR], SECTOR);
			}
		} else if (call < 12) {
			memset(bytes, (int)(i % 251), n * SECTOR);
			e = disk_write(disk, at, n, bytes);
			memset(&right[at * SECTOR], (int)(i % 251), n * SECTOR);
			memset(&is_known[at], e == OK, n);
		} else if (call == 12) {
			e = disk_zero(disk, at, n);
			memset(&right[at * SECTOR], 0, n * SECTOR);
			memset(&is_known[at], e == OK, n);
		} else if (call == 13) {
			e = disk_discard(disk, at, n);
			memset(&is_known[at], 0, n);
		} else if (call == 14) {
			e = disk_flush(disk);
		} else {
			disk_memory_fail(&below, DISK_MEMORY_READ + random_below(&random, 2),
					 1 + random_below(&random, 3), ERR_IO);
		}
		assert_true(e == OK || e == ERR_IO);
		assert_true(cache.n_dirty <= PAGES);
	}
	disk_memory_power_on(&below);
	(void)!disk_flush(disk); /* of an error before */
	assert_int_equal(disk_flush(disk), OK);
	for (uint64_t s = 0; s < SECTORS; s++) {
		if (is_known[s])
			assert_memory_equal(&below.bytes[s * SECTOR], &right[s * SECTOR], SECTOR);
	}
	assert_true(cache.stats.ahead_used > 0 && cache.stats.direct > 0 && cache.stats.failed > 0);
}

static unsigned depth, entered;

static void lock(void *arg)
{
	(void)arg;
	assert_int_equal(depth++, 0);
	entered++;
}

static void unlock(void *arg)
{
	(void)arg;
	assert_int_equal(--depth, 0);
}

static void callers_are_kept_apart(void **state)
{
	const struct cache_lock l = {lock, unlock, NULL};

	(void)state;
	cache_init(&cache, &below.disk, memory, PAGES, &l);
	value_at(5);
	set(5, 1);
	assert_int_equal(disk_zero(disk, 5, 1), OK);
	assert_int_equal(disk_discard(disk, 5, 1), OK);
	assert_int_equal(disk_flush(disk), OK);
	assert_int_equal(disk_read(disk, 0, 500, bytes), OK);
	assert_int_equal(entered, 6);
	assert_int_equal(depth, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_read_is_held),
		TEST(what_was_not_used_for_longest_gives_way),
		TEST(who_reads_on_finds_it_there),
		TEST(reading_ahead_makes_room_among_what_is_dirty),
		TEST(who_reads_here_and_there_gets_nothing_else),
		TEST(large_transfers_go_past),
		TEST(writes_wait_for_a_flush),
		TEST(no_more_than_half_is_dirty),
		TEST(an_error_is_the_flushs),
		TEST(a_disk_that_cannot_be_written),
		TEST(a_bad_place_spoils_no_others),
		TEST(one_that_does_not_answer_is_asked_once),
		TEST(a_disk_that_dies),
		cmocka_unit_test(what_was_flushed_survives_a_cut_anywhere),
		TEST(nothing_moves_across_a_flush),
		TEST(any_calls_leave_what_is_right),
		TEST(callers_are_kept_apart),
	};
	int failed = run_conformance();

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
