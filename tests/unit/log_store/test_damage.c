/* SPDX-License-Identifier: ISC */
/* Bits that flip, blocks that are half erased, and media that somebody has prepared. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "storage/log/internal.h"
#include "tests/unit/log_store/one.h"

enum { FLIP_KEYS = 12 };

static void test_a_flipped_bit_hurts_one_record_and_is_noticed(void **state)
{
	static uint8_t image[16 * 1024];
	char key[20], text[60], got[100];
	unsigned damaged_values = 0;

	(void)state;
	rig_mount(&r);
	for (unsigned round = 0; round < 8; round++) {
		for (unsigned i = 0; i < FLIP_KEYS; i++) {
			snprintf(key, sizeof(key), "key%u", i);
			snprintf(text, sizeof(text), "the value of %u in round %u", i, round);
			must_put(key, text);
		}
		sync_now();
	}
	memcpy(image, r.flash.bytes, sizeof(image));
	for (unsigned at = 0; at < 16 * 1024 * 8; at += 13) {
		unsigned wrong = 0;

		memcpy(r.flash.bytes, image, sizeof(image));
		r.flash.bytes[at / 8] ^= (uint8_t)(1 << at % 8);
		/* The whole store is in one block's header only while there is one block. */
		rig_mount(&r);
		for (unsigned i = 0; i < FLIP_KEYS; i++) {
			snprintf(key, sizeof(key), "key%u", i);
			snprintf(text, sizeof(text), "the value of %u in round 7", i);
			ssize_t n = get(key, got, sizeof(got));
			wrong += n != (ssize_t)strlen(text) || strcmp(got, text) != 0;
			damaged_values += n == ERR_DAMAGED;
			assert_true(n > 0 || n == ERR_DAMAGED || n == ERR_NOTFOUND);
		}
		/* Of a block's header, what lies across its beginning. */
		assert_true(wrong <= 1 || at / 8 % 1024 < KVLOG_HEADER_BYTES);
		if (wrong > 0)
			assert_true(r.store.stats.damaged + r.store.stats.torn > 0);
	}
	assert_true(damaged_values > 100);
}

static const char hot_text[] = "0123456789012345678901234567890123456789";

/* Flips a bit of the only place of the medium that has these bytes. */
static void rot(const char *bytes)
{
	uint8_t *at = memmem(r.flash.bytes, 16 * 1024, bytes, strlen(bytes));

	assert_non_null(at);
	*at ^= 4;
}

static void test_damage_moves_along_and_stays_damage(void **state)
{
	struct kv_info before, after;
	char got[40];

	(void)state;
	rig_mount(&r);
	must_put("bad", "the bytes of this value rot");
	must_put("good", "unlike these");
	sync_now();
	rot("rot");
	assert_int_equal(kv_stat(&r.store.rw.kv, "bad", 3, &before), OK);
	for (unsigned i = 0; i < 2000; i++)
		must_put("hot", hot_text);
	assert_true(r.store.stats.collected > 16);
	assert_int_equal(r.store.stats.damaged, 1);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(get("bad", got, sizeof(got)), ERR_DAMAGED);
		assert_int_equal(kv_stat(&r.store.rw.kv, "bad", 3, &after), OK);
		assert_memory_equal(&before, &after, sizeof(before));
		assert_text("good", "unlike these");
		assert_int_equal(r.store.n, 3);
		rig_mount(&r);
	}
	must_put("bad", "new bytes");
	assert_text("bad", "new bytes");
}

static void test_a_value_whose_piece_is_damaged_can_be_set_anew(void **state)
{
	static char bytes[3000], got[3000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	memcpy(&bytes[2500], "here", 4);
	rig_mount(&r);
	assert_int_equal(put("bad", bytes, sizeof(bytes)), OK);
	sync_now();
	rot("here");
	for (unsigned i = 0; i < 2000; i++)
		must_put("hot", hot_text);
	assert_true(r.store.stats.collected > 16);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(kv_read(&r.store.rw.kv, "bad", 3, 0, got, 500), 500);
		assert_int_equal(kv_read(&r.store.rw.kv, "bad", 3, 2400, got, 500), ERR_DAMAGED);
		rig_mount(&r);
	}
	assert_int_equal(put("bad", bytes, sizeof(bytes)), OK);
	assert_int_equal(kv_read(&r.store.rw.kv, "bad", 3, 0, got, sizeof(got)), sizeof(got));
	assert_memory_equal(got, bytes, sizeof(got));
}

/* The power goes in each sync, often before a record could say what is safe. */
static void test_damage_that_moves_is_not_the_end_of_the_log(void **state)
{
	unsigned next = 0;
	char text[40];

	(void)state;
	rig_mount(&r);
	for (unsigned i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "bad%u", i);
		must_put(text, "bytes that rot");
	}
	sync_now();
	for (uint8_t *at; (at = memmem(r.flash.bytes, 16 * 1024, "rot", 3)) != NULL;)
		*at ^= 4;
	for (unsigned i = 0; i < 2000; i++) {
		for (unsigned j = 0; j <= i % 3; j++) {
			snprintf(text, sizeof(text), "the value of change %u", next++);
			must_put("hot", text);
		}
		flash_memory_cut_at(&r.flash, 1 + i % 4, i, 0);
		(void)!kv_sync(&r.store.rw);
		if (!flash_memory_is_off(&r.flash))
			flash_memory_cut(&r.flash);
		flash_memory_power_on(&r.flash);
		rig_mount(&r);
		assert_text("hot", text);
	}
	assert_int_equal(get("bad7", text, sizeof(text)), ERR_DAMAGED);
}

static void test_damage_is_not_renamed(void **state)
{
	char got[40];

	(void)state;
	rig_mount(&r);
	must_put("bad", "the bytes of this value rot");
	sync_now();
	rot("rot");
	assert_int_equal(kv_rename(&r.store.rw, "bad", 3, "worse", 5), ERR_DAMAGED);
	assert_int_equal(get("bad", got, sizeof(got)), ERR_DAMAGED);
	assert_int_equal(get("worse", got, sizeof(got)), ERR_NOTFOUND);
	assert_int_equal(kv_remove(&r.store.rw, "bad", 3), OK);
}

/* As a bad sector of a disk. */
static void test_bytes_that_cannot_be_read_are_damage_when_they_are_moved(void **state)
{
	char got[40];

	(void)state;
	rig_mount(&r);
	must_put("bad", "the bytes of this value cannot be read");
	must_put("good", "unlike these");
	sync_now();
	uint8_t *at = memmem(r.flash.bytes, 16 * 1024, "cannot", 6);
	assert_non_null(at);
	r.flash.unreadable[(at - r.flash.bytes) / 4] = true;
	assert_int_equal(get("bad", got, sizeof(got)), ERR_IO);
	for (unsigned i = 0; i < 2000; i++)
		must_put("hot", hot_text);
	assert_true(r.store.stats.collected > 16);
	assert_int_equal(get("bad", got, sizeof(got)), ERR_DAMAGED);
	assert_text("good", "unlike these");
}

/*
 * What is damaged of a batch is lost, what is not is there: at once, after the next mount, and when
 * the first block of the log is one in the middle of it.
 */
static void test_what_is_left_of_a_damaged_batch_stays(void **state)
{
	static uint8_t bytes[600];
	const struct kv_change changes[] = {
		{.key = "lost", .key_len = 4, .bytes = bytes, .len = 600},
		{.key = "left", .key_len = 4, .bytes = "as it was set", .len = 13},
		{.key = "last", .key_len = 4, .bytes = "too", .len = 3}};
	struct kv_info info;

	(void)state;
	rig_mount(&r);
	must_put("before", "the batch");
	assert_int_equal(kv_batch(&r.store.rw, changes, ARRAY_SIZE(changes)), OK);
	must_put("after", "the batch");
	sync_now();
	uint8_t *key = memmem(r.flash.bytes, 16 * 1024, "lost", 4);
	assert_non_null(key);
	*key ^= 1;
	for (unsigned i = 0; i < 1500; i++) {
		if (i % 10 == 0)
			rig_mount(&r);
		assert_int_equal(kv_stat(&r.store.rw.kv, "lost", 4, &info), ERR_NOTFOUND);
		assert_text("left", "as it was set");
		assert_text("last", "too");
		assert_text("before", "the batch");
		must_put("hot", hot_text);
	}
	assert_true(r.store.stats.collected > 0);
}

/* Who prepares a medium can write what he likes, but no key that nobody could remove. */
static void test_a_key_that_is_none_is_damage(void **state)
{
	static const char *const keys[] = {"../a", "a//b", "/a", "a/", "a/./b"};
	struct kv_cursor cursor = {0};
	struct kv_entry entry;

	(void)state;
	rig_mount(&r);
	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
		struct kvlog_record record = {.type = KVLOG_VALUE,
					      .key = (const uint8_t *)keys[i],
					      .key_len = (uint8_t)strlen(keys[i]),
					      .meta = r.piece,
					      .meta_len = KVLOG_VALUE_META};

		assert_int_equal(kvlog_append(&r.store, &record), OK);
	}
	must_put("good", "value");
	sync_now();
	rig_mount(&r);
	assert_int_equal(kv_list(&r.store.rw.kv, "", 0, &cursor, &entry), OK);
	assert_string_equal(entry.name, "good");
	assert_int_equal(kv_list(&r.store.rw.kv, "", 0, &cursor, &entry), ERR_EOF);
	assert_true(r.store.stats.damaged > 0);
}

/*
 * A block is erased only when the medium says that the log begins behind what it has. If the power
 * goes while it is, and leaves a value in it but not what removed it, the value stays away.
 */
static void test_a_block_that_is_half_erased_is_behind_the_log(void **state)
{
	struct kv_info info;

	(void)state;
	for (uint32_t kept = KVLOG_HEADER_BYTES; kept < 300; kept += 4) {
		enum err e = OK;

		rig_fini(&r);
		rig_init(&r, 8, 1024, 4, 0);
		rig_mount(&r);
		must_put("gone", "not for ever");
		assert_int_equal(kv_remove(&r.store.rw, "gone", 4), OK);
		while (r.store.head < 8)
			assert_int_equal(put("hot", r.piece, 200), OK);
		flash_memory_fail(&r.flash, FLASH_MEMORY_ERASE, 1, ERR_TIMEOUT);
		while (e == OK)
			e = put("hot", r.piece, 200);
		assert_int_equal(e, ERR_TIMEOUT);
		/* The next one is where all began. */
		assert_int_equal(r.store.head, 8);
		memset(&r.flash.bytes[1024 + kept], 0xff, 1024 - kept);
		rig_mount(&r);
		assert_int_equal(kv_stat(&r.store.rw.kv, "gone", 4, &info), ERR_NOTFOUND);
		assert_int_equal(kv_stat(&r.store.rw.kv, "hot", 3, &info), OK);
		assert_int_equal(r.store.stats.damaged, 0);
	}
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_flipped_bit_hurts_one_record_and_is_noticed),
		TEST(test_damage_moves_along_and_stays_damage),
		TEST(test_a_value_whose_piece_is_damaged_can_be_set_anew),
		TEST(test_damage_that_moves_is_not_the_end_of_the_log),
		TEST(test_damage_is_not_renamed),
		TEST(test_bytes_that_cannot_be_read_are_damage_when_they_are_moved),
		TEST(test_what_is_left_of_a_damaged_batch_stays),
		TEST(test_a_key_that_is_none_is_damage),
		TEST(test_a_block_that_is_half_erased_is_behind_the_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
