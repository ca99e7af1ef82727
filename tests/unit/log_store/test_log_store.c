/* SPDX-License-Identifier: ISC */
/* Media that are blank, foreign, full, or worn; wear; bounds. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "tests/unit/log_store/one.h"

static unsigned fill(size_t len)
{
	static const uint8_t bytes[900];
	char key[20];
	unsigned n = 0;

	for (enum err e = OK; e == OK; n++) {
		snprintf(key, sizeof(key), "fill%u", n);
		e = put(key, bytes, len);
		assert_true(e == OK || e == ERR_NOSPACE);
	}
	return n - 1;
}

/* --- what is on the medium ------------------------------------------------------------------- */

static void test_a_blank_medium_becomes_a_store_if_that_is_wanted(void **state)
{
	(void)state;
	r.config.format = false;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_NOTFOUND);
	assert_int_equal(flash_memory_changes(&r.flash), 0);
	assert_int_equal(put("a", "b", 1), ERR_NOTFOUND);
	r.config.format = true;
	rig_mount(&r);
	must_put("a", "b");
	sync_now();
	r.config.format = false;
	rig_mount(&r);
	assert_text("a", "b");
}

static void test_a_new_disk_is_blank(void **state)
{
	(void)state;
	memset(r.flash.bytes, 0, 16 * 1024);
	rig_mount(&r);
	must_put("a", "b");
	assert_text("a", "b");
}

static void test_what_is_no_store_is_left_alone(void **state)
{
	static const size_t places[] = {0, 510, 3 * 1024 + 100, 15 * 1024 + 1023};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
		memset(r.flash.bytes, 0xff, 16 * 1024);
		r.flash.bytes[places[i]] = 0x55;
		assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_INVALID);
		assert_int_equal(flash_memory_changes(&r.flash), 0);
		assert_int_equal(kv_sync(&r.store.rw), ERR_INVALID);
	}
	assert_int_equal(kvlog_format(&r.store, &r.config), OK);
	must_put("a", "b");
	rig_mount(&r);
	assert_text("a", "b");
}

static void test_making_a_store_survives_a_cut_at_each_change(void **state)
{
	(void)state;
	for (unsigned n = 1; n < 8; n++) {
		for (unsigned seed = 0; seed < 50; seed++) {
			memset(r.flash.bytes, 0xff, 16 * 1024);
			memset(r.flash.programmed, false, 16 * 256);
			memset(r.flash.unreadable, false, 16 * 256);
			for (unsigned i = 0; i < n; i++) {
				flash_memory_cut_at(&r.flash, 1, seed * 9 + i,
						    seed % 2 == 0 ? FLASH_MEMORY_GARBLES
								  : FLASH_MEMORY_UNREADABLE);
				assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_IO);
				flash_memory_power_on(&r.flash);
			}
			rig_mount(&r);
			must_put("a", "b");
		}
	}
}

/* Of a medium that is blank one block is known to be erased, not the one that takes its place. */
static void test_a_store_is_made_where_the_first_block_fails(void **state)
{
	(void)state;
	memset(&r.flash.bytes[2 * 1024], 0, 1024);
	memset(&r.flash.programmed[2 * 256], true, 256);
	r.flash.worn[1] = true;
	rig_mount(&r);
	must_put("a", "b");
	assert_int_equal(r.store.head, 2);
	rig_mount(&r);
	assert_text("a", "b");
	assert_int_equal(r.store.bad_blocks, 1);
}

static void test_another_version_or_geometry_is_refused(void **state)
{
	struct flash *f = &r.flash.flash;

	(void)state;
	rig_mount(&r);
	must_put("a", "b");
	f->blocks = 8;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_RANGE);
	f->blocks = 16;
	f->program_bytes = 8;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_RANGE);
	f->program_bytes = 0;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_UNSUPPORTED);
	f->program_bytes = 12;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_UNSUPPORTED);
	f->program_bytes = 4;
	r.config.index_len = 0;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_NOMEM);
	r.config.index_len = RIG_INDEX;
	r.config.map_bytes = 3;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_NOMEM);
	r.config.map_bytes = sizeof(r.map);
	f->blocks = 5;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_UNSUPPORTED);
	f->blocks = 0;
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_NODEV);
	f->blocks = 16;
	rig_mount(&r);
	assert_text("a", "b");
}

/* Which is the same but for a field that was zero. */
static void test_a_store_of_the_first_version_is_read(void **state)
{
	uint8_t *header = &r.flash.bytes[1024];

	(void)state;
	rig_mount(&r);
	must_put("a", "b");
	assert_int_equal(load_le32(&header[8]), 2);
	store_le32(&header[8], 1);
	store_le32(&header[60], crc32c(0, header, 60));
	rig_mount(&r);
	assert_text("a", "b");
	assert_int_equal(fill(500) > 10, true);
	rig_mount(&r);
	assert_text("a", "b");
	store_le32(&header[8], 3);
	store_le32(&header[60], crc32c(0, header, 60));
	assert_int_equal(kvlog_mount(&r.store, &r.config), ERR_UNSUPPORTED);
}

static void test_the_geometry_is_in_the_header(void **state)
{
	struct flash f = {0};
	uint32_t block;

	(void)state;
	assert_false(kvlog_geometry(r.flash.bytes, &f, &block));
	rig_mount(&r);
	assert_true(kvlog_geometry(&r.flash.bytes[1024], &f, &block));
	assert_int_equal(block, 1);
	assert_int_equal(f.blocks, 16);
	assert_int_equal(f.block_bytes, 1024);
	assert_int_equal(f.program_bytes, 4);
}

static void test_a_store_to_read_only_programs_nothing(void **state)
{
	(void)state;
	rig_mount(&r);
	must_put("a", "b");
	uint64_t n = flash_memory_changes(&r.flash);
	r.config.read_only = true;
	rig_mount(&r);
	assert_text("a", "b");
	assert_int_equal(put("a", "c", 1), ERR_READONLY);
	assert_int_equal(kv_remove(&r.store.rw, "a", 1), ERR_READONLY);
	assert_int_equal(kv_sync(&r.store.rw), OK);
	assert_int_equal(flash_memory_changes(&r.flash), n);
}

/* --- versions and times ---------------------------------------------------------------------- */

static void test_a_version_is_a_hash_of_the_bytes(void **state)
{
	struct kv_info a, b;
	struct kv_writer w;

	(void)state;
	rig_mount(&r);
	must_put("a", "text");
	assert_int_equal(kv_stat(&r.store.rw.kv, "a", 1, &a), OK);
	assert_int_equal(a.modified_s, 1700000000);
	assert_int_equal(kv_open(&r.store.rw, &w, "b", 1), OK);
	assert_int_equal(kv_append(&w, "te", 2), OK);
	assert_int_equal(kv_append(&w, "xt", 2), OK);
	assert_int_equal(kv_close(&w, true), OK);
	assert_int_equal(kv_stat(&r.store.rw.kv, "b", 1, &b), OK);
	assert_true(a.version == b.version && a.version != 0);
	must_put("a", "texu");
	assert_int_equal(kv_stat(&r.store.rw.kv, "a", 1, &a), OK);
	assert_true(a.version != b.version);
}

/* --- full ------------------------------------------------------------------------------------ */

static void test_a_full_store_can_be_overwritten_and_emptied(void **state)
{
	uint8_t bytes[500];
	char key[20];

	(void)state;
	rig_mount(&r);
	must_put("first", "there before");
	unsigned n = fill(500);
	assert_true(n >= 15);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < n; i++) {
			memset(bytes, (int)(round + i), sizeof(bytes));
			snprintf(key, sizeof(key), "fill%u", i);
			assert_int_equal(put(key, bytes, sizeof(bytes)), OK);
		}
		assert_int_equal(put("one more", bytes, sizeof(bytes)), ERR_NOSPACE);
	}
	assert_true(r.store.stats.full > 0);
	assert_text("first", "there before");
	rig_mount(&r);
	assert_text("first", "there before");
	for (unsigned i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "fill%u", i);
		assert_int_equal(kv_remove(&r.store.rw, key, strlen(key)), OK);
	}
	assert_int_equal(fill(500), n);
	assert_text("first", "there before");
}

/*
 * Freeing a block takes a record. In the first round there is none that it takes the place of: here
 * many blocks full of what lives must be moved before one comes in which anything is dead.
 */
static void test_a_large_full_store_can_be_overwritten(void **state)
{
	enum { BLOCKS = 200, ENTRIES = 2048 };
	static struct kvlog_entry index[ENTRIES];

	(void)state;
	rig_fini(&r);
	rig_init(&r, BLOCKS, 1024, 4, 0);
	r.config.index = index;
	r.config.index_len = ENTRIES;
	rig_mount(&r);
	unsigned n = fill(100);
	assert_true(n > 1000 && n < ENTRIES);
	for (unsigned i = 0; i < 4000; i++) {
		char key[20];

		snprintf(key, sizeof(key), "fill%u", n - 1 - i % 10);
		assert_int_equal(put(key, r.piece, 100), OK);
	}
}

/* What a key has is not replaced twice: the store would have more than it can move. */
static void test_a_batch_that_names_a_key_twice_does_not_overfill(void **state)
{
	static uint8_t bytes[500];
	struct kv_change changes[] = {
		{.key = "fill0", .key_len = 5},
		{.key = "fill0", .key_len = 5},
		{.key = "fill0", .key_len = 5},
		{.key = "fill0", .key_len = 5, .bytes = bytes, .len = sizeof(bytes)},
		{.key = "more", .key_len = 4, .bytes = bytes, .len = sizeof(bytes)},
	};

	(void)state;
	rig_mount(&r);
	(void)fill(500);
	assert_int_equal(kv_batch(&r.store.rw, changes, ARRAY_SIZE(changes)), ERR_NOSPACE);
	assert_true(kvlog_used(&r.store) <= kvlog_capacity(&r.store));
	assert_int_equal(kv_batch(&r.store.rw, changes, ARRAY_SIZE(changes) - 1), OK);
	assert_true(kvlog_used(&r.store) <= kvlog_capacity(&r.store));
}

/* A change that has no room must not wear the medium by looking for some. */
static void test_what_is_refused_moves_nothing(void **state)
{
	(void)state;
	rig_mount(&r);
	(void)fill(500);
	uint64_t before = flash_memory_changes(&r.flash);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(put("one more", r.piece, 900), ERR_NOSPACE);
	assert_true(flash_memory_changes(&r.flash) - before < 100);
}

/* Then less fits, but what is there can be read, and removed until all fits again. */
static void test_a_block_of_a_full_store_fails(void **state)
{
	(void)state;
	for (unsigned worn = 0; worn < 16; worn++) {
		char key[20];
		unsigned n, removed = 0;

		rig_fini(&r);
		rig_init(&r, 16, 1024, 4, 0);
		rig_mount(&r);
		n = fill(400);
		r.flash.worn[worn] = true;
		for (unsigned i = 0; i < 300; i++) {
			snprintf(key, sizeof(key), "fill%u", removed + i % (n - removed));
			enum err e = put(key, r.piece, 400);
			assert_true(e == OK || e == ERR_NOSPACE);
			if (e == OK)
				continue;
			snprintf(key, sizeof(key), "fill%u", removed++);
			assert_int_equal(kv_remove(&r.store.rw, key, strlen(key)), OK);
			rig_mount(&r);
		}
		assert_true(removed > 0 && removed <= 5);
		for (unsigned i = removed; i < n; i++) {
			struct kv_info info;

			snprintf(key, sizeof(key), "fill%u", i);
			assert_int_equal(kv_stat(&r.store.rw.kv, key, strlen(key), &info), OK);
			assert_int_equal(info.bytes, 400);
		}
	}
}

static void test_a_full_index_is_no_space(void **state)
{
	(void)state;
	rig_mount(&r);
	unsigned n = fill(0);
	assert_int_equal(n, RIG_INDEX);
	must_put("fill3", "another");
	assert_int_equal(kv_remove(&r.store.rw, "fill4", 5), OK);
	must_put("new", "value");
	assert_int_equal(put("newer", "value", 5), ERR_NOSPACE);
	rig_mount(&r);
	assert_text("fill3", "another");
	assert_text("new", "value");
}

/* --- wear ------------------------------------------------------------------------------------ */

static void erase_range(uint32_t *least, uint32_t *most)
{
	*least = UINT32_MAX;
	*most = 0;
	for (unsigned i = 0; i < r.flash.flash.blocks; i++) {
		*least = MIN(*least, r.flash.erases[i]);
		*most = MAX(*most, r.flash.erases[i]);
	}
}

static void test_a_hot_key_wears_all_blocks_alike(void **state)
{
	uint32_t least, most;
	uint8_t bytes[32] = {0};

	(void)state;
	rig_mount(&r);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(put(rig_key(i), r.piece, 600), OK);
	for (unsigned i = 0; i < 20000; i++) {
		memcpy(bytes, &i, sizeof(i));
		assert_int_equal(put("hot", bytes, sizeof(bytes)), OK);
		if (i % 1000 == 0)
			rig_mount(&r);
	}
	erase_range(&least, &most);
	assert_true(least > 50);
	assert_true(most - least <= 1);
}

static void test_blocks_that_wear_out_are_used_no_more(void **state)
{
	unsigned steps = 0;

	(void)state;
	rig_mount(&r);
	r.random.state = 5;
	r.value_bytes_max = 500;
	for (unsigned i = 0; i < 16; i += 5)
		r.flash.worn[i] = true;
	for (; steps < 3000; steps++)
		assert_true(rig_step(&r));
	rig_assert_now(&r);
	assert_int_equal(r.store.stats.retired, 4);
	rig_mount(&r);
	rig_assert_now(&r);
	assert_int_equal(r.store.bad_blocks, 4);
	uint64_t before = r.flash.calls[FLASH_MEMORY_ERASE], wear = 0;
	for (unsigned i = 0; i < 16; i++)
		wear += r.flash.erases[i];
	for (steps = 0; steps < 1000; steps++)
		assert_true(rig_step(&r));
	for (unsigned i = 0; i < 16; i++)
		wear -= r.flash.erases[i];
	/* None of them was even tried. */
	assert_int_equal(r.flash.calls[FLASH_MEMORY_ERASE] - before, -wear);
}

static void test_the_last_blocks_wear_out(void **state)
{
	enum err e = OK;
	unsigned i = 0;

	(void)state;
	rig_mount(&r);
	must_put("kept", "all the time");
	r.flash.endures = 30;
	for (; e == OK && i < 100000; i++)
		e = put("hot", &i, sizeof(i));
	assert_true(e == ERR_NOSPACE || e == ERR_IO);
	assert_true(i > 16 * 30 * 10);
	assert_text("kept", "all the time");
	rig_mount(&r);
	assert_text("kept", "all the time");
}

/* --- errors ---------------------------------------------------------------------------------- */

static void test_an_erase_that_times_out_leaves_all_as_it_was(void **state)
{
	(void)state;
	r.flash.fail_with[FLASH_MEMORY_ERASE] = ERR_TIMEOUT;
	for (unsigned n = 1; n < 200; n++) {
		char want[20] = "", text[20];

		rig_mount(&r);
		must_put("a", "");
		flash_memory_fail(&r.flash, n % 2 == 0 ? FLASH_MEMORY_ERASE : FLASH_MEMORY_PROGRAM,
				  n / 2 + 1, ERR_TIMEOUT);
		for (unsigned i = 0; i < 150; i++) {
			snprintf(text, sizeof(text), "%u-%u", n, i);
			enum err e = put("a", text, strlen(text));
			assert_true(e == OK || e == ERR_TIMEOUT);
			if (e == OK)
				strcpy(want, text);
			assert_text("a", want);
		}
		rig_mount(&r);
		assert_text("a", want);
	}
}

static void test_a_program_that_fails_goes_elsewhere(void **state)
{
	char want[20];

	(void)state;
	rig_fini(&r);
	rig_init(&r, 200, 1024, 4, 0);
	for (unsigned n = 1; n < 60; n++) {
		rig_mount(&r);
		must_put("b", "another");
		flash_memory_fail(&r.flash, FLASH_MEMORY_PROGRAM, n, ERR_IO);
		for (unsigned i = 0; i < 40; i++) {
			snprintf(want, sizeof(want), "%u-%u", n, i);
			must_put("a", want);
			assert_int_equal(put("c", r.piece, 400), OK);
		}
		assert_text("a", want);
		rig_mount(&r);
		assert_text("a", want);
		assert_text("b", "another");
	}
	assert_int_equal(r.store.bad_blocks, 59);
}

/* --- bounds ---------------------------------------------------------------------------------- */

static void test_memory_is_bounded(void **state)
{
	(void)state;
	assert_true(sizeof(struct kvlog) + 512 + KVLOG_PIECE_BYTES_MAX <= 8192);
}

static void test_a_set_does_a_bounded_amount_of_work(void **state)
{
	uint64_t most = 0;
	uint8_t bytes[64] = {0};

	(void)state;
	rig_fini(&r);
	rig_init(&r, 64, 1024, 4, 0);
	rig_mount(&r);
	/* Two thirds hold what never changes. */
	for (unsigned i = 0; i < 50; i++) {
		char key[20];

		snprintf(key, sizeof(key), "cold%u", i);
		assert_int_equal(put(key, r.piece, 650), OK);
	}
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t before = r.flash.bytes_programmed;

		memcpy(bytes, &i, sizeof(i));
		assert_int_equal(put("hot", bytes, sizeof(bytes)), OK);
		most = MAX(most, r.flash.bytes_programmed - before);
	}
	/* The record has 104 bytes. */
	assert_true(most <= 104 + 16 * 104 + 2 * 1024);
}

static void test_a_listing_is_not_disturbed(void **state)
{
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	bool seen[40] = {false};
	char key[30];
	unsigned n;

	(void)state;
	rig_mount(&r);
	for (unsigned i = 0; i < 40; i++) {
		snprintf(key, sizeof(key), "dir/stays%u", i);
		must_put(key, "x");
	}
	for (unsigned i = 0; kv_list(&r.store.rw.kv, "dir", 3, &cursor, &entry) == OK; i++) {
		if (sscanf(entry.name, "stays%u", &n) == 1) {
			assert_false(seen[n]);
			seen[n] = true;
		}
		/* Others come and go, and the collector moves everything. */
		snprintf(key, sizeof(key), "dir/goes%u", i % 10);
		if (i % 2 == 0)
			must_put(key, "y");
		else
			(void)!kv_remove(&r.store.rw, key, strlen(key));
		for (unsigned j = 0; j < 20; j++)
			must_put("dir/hot", "0123456789012345678901234567890123456789");
	}
	for (unsigned i = 0; i < 40; i++)
		assert_true(seen[i]);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_blank_medium_becomes_a_store_if_that_is_wanted),
		TEST(test_a_new_disk_is_blank),
		TEST(test_what_is_no_store_is_left_alone),
		TEST(test_making_a_store_survives_a_cut_at_each_change),
		TEST(test_a_store_is_made_where_the_first_block_fails),
		TEST(test_another_version_or_geometry_is_refused),
		TEST(test_a_store_of_the_first_version_is_read),
		TEST(test_the_geometry_is_in_the_header),
		TEST(test_a_store_to_read_only_programs_nothing),
		TEST(test_a_version_is_a_hash_of_the_bytes),
		TEST(test_a_full_store_can_be_overwritten_and_emptied),
		TEST(test_a_large_full_store_can_be_overwritten),
		TEST(test_a_batch_that_names_a_key_twice_does_not_overfill),
		TEST(test_what_is_refused_moves_nothing),
		TEST(test_a_block_of_a_full_store_fails),
		TEST(test_a_full_index_is_no_space),
		TEST(test_a_hot_key_wears_all_blocks_alike),
		TEST(test_blocks_that_wear_out_are_used_no_more),
		TEST(test_the_last_blocks_wear_out),
		TEST(test_an_erase_that_times_out_leaves_all_as_it_was),
		TEST(test_a_program_that_fails_goes_elsewhere),
		TEST(test_memory_is_bounded),
		TEST(test_a_set_does_a_bounded_amount_of_work),
		TEST(test_a_listing_is_not_disturbed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
