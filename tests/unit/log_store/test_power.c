/* SPDX-License-Identifier: ISC */
/* The power goes: at each change of a scenario, and at random ones of thousands of histories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/log_store/rig.h"

static struct rig r;

/* Which faults a loss of power makes. */
static const unsigned cuts[] = {
	FLASH_MEMORY_IN_ORDER | FLASH_MEMORY_PREFIX,
	FLASH_MEMORY_IN_ORDER,
	FLASH_MEMORY_GARBLES,
	FLASH_MEMORY_GARBLES | FLASH_MEMORY_IN_ORDER,
	FLASH_MEMORY_UNREADABLE,
	FLASH_MEMORY_UNREADABLE | FLASH_MEMORY_IN_ORDER,
	0,
};

static void run(unsigned steps)
{
	for (unsigned i = 0; i < steps; i++) {
		if (!rig_step(&r))
			return;
	}
}

enum { STEPS = 120 };

static uint64_t changes_of(uint32_t blocks, uint32_t block_bytes, uint32_t unit, unsigned flags,
			   uint64_t cut, unsigned how)
{
	uint64_t n;

	rig_init(&r, blocks, block_bytes, unit, flags);
	if (cut > 0)
		flash_memory_cut_at(&r.flash, cut, cut * 7919, how);
	if (kvlog_mount(&r.store, &r.config) == OK)
		run(STEPS);
	else
		assert_true(flash_memory_is_off(&r.flash));
	n = flash_memory_changes(&r.flash);
	if (cut > 0) {
		rig_power_on(&r);
		run(30);
		rig_assert_now(&r);
		rig_mount(&r);
		rig_assert_now(&r);
	}
	rig_fini(&r);
	return n;
}

static void cut_everywhere(uint32_t blocks, uint32_t block_bytes, uint32_t unit)
{
	uint64_t n = changes_of(blocks, block_bytes, unit, 0, 0, 0);

	assert_true(n > 100);
	for (uint64_t cut = 1; cut <= n; cut++) {
		for (unsigned i = 0; i < ARRAY_SIZE(cuts); i++)
			(void)changes_of(blocks, block_bytes, unit, 0, cut, cuts[i]);
	}
}

static void test_a_cut_at_each_change_of_nor(void **state)
{
	(void)state;
	cut_everywhere(12, 1024, 1);
}

static void test_a_cut_at_each_change_of_larger_units(void **state)
{
	(void)state;
	cut_everywhere(8, 4096, 32);
}

/* One history: a geometry, then cut after cut. */
static void history(uint64_t seed)
{
	struct random random = {seed * 2654435761u};
	static const uint32_t sizes[] = {1024, 2048, 4096, 8192};
	static const uint32_t units[] = {1, 2, 4, 8, 16, 64, 256};
	uint32_t size = sizes[random_below(&random, ARRAY_SIZE(sizes))];
	uint32_t unit = units[random_below(&random, ARRAY_SIZE(units))];
	uint32_t blocks = (uint32_t)random_between(&random, 6, 24);

	rig_init(&r, blocks, size, size == 1024 ? MIN(unit, 64u) : unit, 0);
	rig_mount(&r);
	r.random.state = seed;
	for (unsigned i = 0; i < 4; i++) {
		flash_memory_cut_at(&r.flash, random_between(&random, 1, 150), seed + i,
				    cuts[random_below(&random, ARRAY_SIZE(cuts))]);
		run(200);
		/* Between two changes, unless it has gone already. */
		if (!flash_memory_is_off(&r.flash))
			flash_memory_cut(&r.flash);
		rig_power_on(&r);
	}
	rig_fini(&r);
}

static void test_thousands_of_histories(void **state)
{
	const char *runs = getenv("LOG_STORE_HISTORIES");
	unsigned n = runs != NULL ? (unsigned)atoi(runs) : 2000;

	(void)state;
	for (unsigned i = 1; i <= n; i++)
		history(i);
}

/* As on a disk: what was not written reads as noise, and the store was made on purpose. */
static void test_a_disk_of_noise(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 100; seed++) {
		rig_init(&r, 16, 4096, 512, FLASH_MEMORY_NOISE);
		assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_INVALID);
		assert_int_equal(kvlog_format(&r.store, &r.config), OK);
		r.random.state = seed;
		for (unsigned i = 0; i < 5; i++) {
			flash_memory_cut_at(&r.flash, seed + i * 3, seed, cuts[seed % 5]);
			run(100);
			if (!flash_memory_is_off(&r.flash))
				flash_memory_cut(&r.flash);
			rig_power_on(&r);
		}
		rig_fini(&r);
	}
}

static void put(const char *key, size_t len)
{
	static const uint8_t bytes[600];

	(void)!kv_set(&r.store.rw, key, strlen(key), bytes, len);
}

/*
 * In a store that is nearly full, what removed a value is collected, and its block erased at once:
 * if of that block the value is left, but not what removed it, the log must begin behind it.
 */
static void test_what_was_removed_stays_away(void **state)
{
	struct kv_info info;

	(void)state;
	for (uint64_t seed = 1; seed < 1500; seed++) {
		char key[16] = "";

		rig_init(&r, 8, 1024, 4, 0);
		rig_mount(&r);
		for (unsigned i = 0; i < 6; i++) {
			snprintf(key, sizeof(key), "fill%u", i);
			put(key, 600);
		}
		for (unsigned i = 0; i < 20; i++) {
			put("gone", 10 + i);
			put("hot", i * 20 % 300);
			(void)!kv_remove(&r.store.rw, "gone", 4);
		}
		assert_int_equal(kv_sync(&r.store.rw), OK);
		flash_memory_cut_at(&r.flash, 1 + seed % 60, seed, cuts[seed % ARRAY_SIZE(cuts)]);
		for (unsigned i = 0; !flash_memory_is_off(&r.flash); i++)
			put("hot", 200 + i);
		flash_memory_power_on(&r.flash);
		rig_mount(&r);
		assert_int_equal(kv_stat(&r.store.rw.kv, "gone", 4, &info), ERR_NOTFOUND);
		rig_fini(&r);
	}
}

enum { FULL_KEYS = 40, FULL_BYTES = 500 };

static char *full_key(unsigned i)
{
	static char key[16];

	snprintf(key, sizeof(key), "fill%u", i);
	return key;
}

static enum err put_full(unsigned i, uint8_t byte)
{
	uint8_t bytes[FULL_BYTES];

	memset(bytes, byte, sizeof(bytes));
	return kv_set(&r.store.rw, full_key(i), strlen(full_key(i)), bytes, sizeof(bytes));
}

static uint8_t get_full(unsigned i)
{
	uint8_t bytes[FULL_BYTES + 1];
	const char *key = full_key(i);

	assert_int_equal(kv_read(&r.store.rw.kv, key, strlen(key), 0, bytes, sizeof(bytes)),
			 FULL_BYTES);
	assert_memory_equal(bytes, bytes + 1, FULL_BYTES - 1);
	return bytes[0];
}

/*
 * A full store whose power goes soon after each start, always while something is programmed: the
 * values are what they were, and when the power stays the store can be changed.
 */
static void full_store_with_cuts(uint64_t seed, unsigned changes, unsigned how)
{
	struct random random = {seed};
	uint8_t value[FULL_KEYS] = {0};
	unsigned n = 0;

	rig_init(&r, 16, 1024, 4, 0);
	rig_mount(&r);
	while (n < FULL_KEYS && put_full(n, 0) == OK)
		n++;
	assert_int_equal(kv_sync(&r.store.rw), OK);
	for (unsigned i = 0; i < 30; i++) {
		unsigned key = (unsigned)random_below(&random, n);

		flash_memory_cut_at(&r.flash, random_between(&random, 1, changes), seed + i, how);
		for (uint8_t next = value[key] + 1u; put_full(key, next) == OK; next++) {
			value[key] = next;
			assert_true(kv_sync(&r.store.rw) == OK || flash_memory_is_off(&r.flash));
		}
		assert_true(flash_memory_is_off(&r.flash));
		flash_memory_power_on(&r.flash);
		rig_mount(&r);
		uint8_t got = get_full(key);
		assert_true(got == value[key] || got == (uint8_t)(value[key] + 1));
		value[key] = got;
		for (unsigned j = 0; j < n; j++)
			assert_int_equal(get_full(j), value[j]);
	}
	for (unsigned i = 0; i < 2 * n; i++)
		assert_int_equal(put_full(i % n, 1), OK);
	rig_fini(&r);
}

static void test_a_full_store_outlives_power_that_goes_again_and_again(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++)
		full_store_with_cuts(seed, 4, FLASH_MEMORY_IN_ORDER | FLASH_MEMORY_PREFIX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cut_at_each_change_of_nor),
		cmocka_unit_test(test_a_cut_at_each_change_of_larger_units),
		cmocka_unit_test(test_thousands_of_histories),
		cmocka_unit_test(test_a_disk_of_noise),
		cmocka_unit_test(test_what_was_removed_stays_away),
		cmocka_unit_test(test_a_full_store_outlives_power_that_goes_again_and_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
