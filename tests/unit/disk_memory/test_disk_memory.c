/* SPDX-License-Identifier: ISC */
/* The fake that tests of storage rest on: what it loses, and what it never may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/disk_memory.h"

enum { SECTORS = 8, SECTOR_BYTES = 512 };

static uint8_t sector[SECTOR_BYTES];

static enum err write_value(struct disk_memory *m, uint64_t at, uint8_t value)
{
	memset(sector, value, sizeof(sector));
	return disk_write(&m->disk, at, 1, sector);
}

static uint8_t value_at(struct disk_memory *m, uint64_t at)
{
	assert_int_equal(disk_read(&m->disk, at, 1, sector), OK);
	for (unsigned i = 1; i < sizeof(sector); i++)
		assert_int_equal(sector[i], sector[0]);
	return sector[0];
}

static void test_calls_count_and_fail_once(void **state)
{
	struct disk_memory m;

	(void)state;
	disk_memory_init(&m, SECTORS, SECTOR_BYTES);
	disk_memory_fail(&m, DISK_MEMORY_WRITE, 2, ERR_TIMEOUT);
	assert_int_equal(write_value(&m, 1, 7), OK);
	assert_int_equal(write_value(&m, 1, 8), ERR_TIMEOUT);
	assert_int_equal(write_value(&m, 2, 9), OK);
	assert_int_equal(value_at(&m, 1), 7);
	assert_int_equal(m.calls[DISK_MEMORY_WRITE], 3);
	assert_int_equal(disk_write(&m.disk, SECTORS, 1, sector), ERR_RANGE);
	disk_memory_die(&m, ERR_NODEV);
	assert_int_equal(disk_read(&m.disk, 1, 1, sector), ERR_NODEV);
	disk_memory_die(&m, OK);
	assert_int_equal(value_at(&m, 2), 9);
	disk_memory_fini(&m);
}

static void test_a_cut_keeps_what_was_flushed_and_any_of_the_rest(void **state)
{
	unsigned seen[SECTORS] = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 400; seed++) {
		struct disk_memory m;

		disk_memory_init(&m, SECTORS, SECTOR_BYTES);
		disk_memory_cut_at(&m, 4, seed, 0);
		assert_int_equal(write_value(&m, 0, 1), OK);
		assert_int_equal(disk_flush(&m.disk), OK);
		assert_int_equal(write_value(&m, 1, 2), OK);
		assert_int_equal(write_value(&m, 2, 3), OK);
		assert_int_equal(write_value(&m, 3, 4), ERR_IO);
		assert_true(disk_memory_is_off(&m));
		assert_int_equal(disk_flush(&m.disk), ERR_IO);
		disk_memory_power_on(&m);
		assert_int_equal(value_at(&m, 0), 1);
		unsigned there = 0;
		for (uint64_t i = 1; i < 4; i++)
			there |= (value_at(&m, i) != 0 ? 1u : 0u) << (i - 1);
		seen[there]++;
		disk_memory_fini(&m);
	}
	for (unsigned i = 0; i < SECTORS; i++)
		assert_true(seen[i] > 0); /* every subset of three */
}

static void test_an_earlier_version_may_outlive_a_later_one(void **state)
{
	unsigned seen[3] = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct disk_memory m;

		disk_memory_init(&m, SECTORS, SECTOR_BYTES);
		disk_memory_cut_at(&m, 0, seed, 0);
		assert_int_equal(write_value(&m, 5, 1), OK);
		assert_int_equal(write_value(&m, 5, 2), OK);
		disk_memory_cut(&m);
		disk_memory_power_on(&m);
		seen[value_at(&m, 5)]++;
		disk_memory_fini(&m);
	}
	assert_true(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
}

static void test_a_disk_that_keeps_order(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct disk_memory m;

		disk_memory_init(&m, SECTORS, SECTOR_BYTES);
		disk_memory_cut_at(&m, 0, seed, DISK_MEMORY_IN_ORDER);
		for (uint8_t i = 0; i < SECTORS; i++)
			assert_int_equal(write_value(&m, i, 1), OK);
		disk_memory_cut(&m);
		disk_memory_power_on(&m);
		for (uint64_t i = 1; i < SECTORS; i++)
			assert_true(value_at(&m, i) <= value_at(&m, i - 1));
		disk_memory_fini(&m);
	}
}

static void test_garbling_spares_what_was_flushed(void **state)
{
	unsigned garbled = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct disk_memory m;

		disk_memory_init(&m, SECTORS, SECTOR_BYTES);
		disk_memory_cut_at(&m, 0, seed, DISK_MEMORY_GARBLES);
		assert_int_equal(write_value(&m, 1, 6), OK);
		assert_int_equal(disk_flush(&m.disk), OK);
		assert_int_equal(write_value(&m, 2, 7), OK);
		disk_memory_cut(&m);
		disk_memory_power_on(&m);
		assert_int_equal(value_at(&m, 1), 6);
		assert_int_equal(disk_read(&m.disk, 2, 1, sector), OK);
		for (unsigned i = 0; i < sizeof(sector); i++) {
			if (sector[i] != 0 && sector[i] != 7) {
				garbled++;
				break;
			}
		}
		disk_memory_fini(&m);
	}
	assert_true(garbled > 0);
}

static void test_zeroes_and_discards_are_changes(void **state)
{
	struct disk_memory m;

	(void)state;
	disk_memory_init(&m, SECTORS, 4096);
	memset(m.bytes, 0x11, (size_t)SECTORS * 4096);
	assert_int_equal(disk_zero(&m.disk, 2, 2), OK);
	assert_int_equal(disk_discard(&m.disk, 4, 1), OK);
	assert_int_equal(m.bytes[2 * 4096], 0);
	assert_int_equal(m.bytes[4 * 4096 - 1], 0);
	assert_int_not_equal(m.bytes[4 * 4096], 0x11);
	assert_int_equal(m.bytes[5 * 4096], 0x11);
	assert_int_equal(disk_memory_changes(&m), 2);
	disk_memory_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_count_and_fail_once),
		cmocka_unit_test(test_a_cut_keeps_what_was_flushed_and_any_of_the_rest),
		cmocka_unit_test(test_an_earlier_version_may_outlive_a_later_one),
		cmocka_unit_test(test_a_disk_that_keeps_order),
		cmocka_unit_test(test_garbling_spares_what_was_flushed),
		cmocka_unit_test(test_zeroes_and_discards_are_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
