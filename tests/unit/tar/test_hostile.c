/* SPDX-License-Identifier: ISC */
/* Archives as nobody makes them, unless to do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/kv_conformance/kv_conformance.h"
#include "tests/unit/tar/tar_make.h"

static struct tar_made made;
static struct tar t;

/* Mounts from memory that ends where the archive does, so that ASan sees who reads on. */
static enum err mount_just(size_t len)
{
	const struct tar_room room = tar_made_room();
	uint8_t *bytes = malloc(len > 0 ? len : 1);

	assert_non_null(bytes);
	memcpy(bytes, made.bytes, len);
	enum err e = tar_mount_memory(&t, bytes, len, &room);
	free(bytes);
	return e;
}

static void names_that_lead_elsewhere_are_left_out(void **state)
{
	static const char *const names[] = {"/etc/passwd", "../a",   "a/../b", "a//b", "..", "",
					    "./",          "./../x", "a/."};

	(void)state;
	tar_begin(&made);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		tar_text(&made, names[i], "evil");
	tar_text(&made, "././good", "good");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	kv_assert_lists(&t.kv, "", (const char *const[]){"good", NULL});
	assert_int_equal(t.stats.left_out, ARRAY_SIZE(names));
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		kv_assert_absent(&t.kv, names[i]);
}

static void a_wrong_checksum_is_damage(void **state)
{
	(void)state;
	tar_begin(&made);
	tar_text(&made, "a", "one");
	uint8_t *h = tar_header(&made, '0', "b", 0);
	h[0] ^= 1;
	assert_int_equal(tar_made_mount(&t, &made), ERR_DAMAGED);
	assert_int_equal(t.stats.damaged, 1);
	struct kv_info info;
	assert_int_equal(kv_stat(&t.kv, "a", 1, &info), ERR_DAMAGED);
	tar_seal(h);
	assert_int_equal(tar_made_mount(&t, &made), OK);
}

static void a_size_beyond_the_archive_is_damage(void **state)
{
	static const uint64_t sizes[] = {1, 512, 513, 0x7fffffff, 0x1ffffffff};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		tar_begin(&made);
		(void)tar_header(&made, '0', "a", sizes[i]);
		assert_int_equal(mount_just(made.len), ERR_DAMAGED);
		tar_begin(&made);
		(void)tar_header(&made, 'x', "a", sizes[i]);
		assert_int_equal(mount_just(made.len), ERR_DAMAGED);
	}
}

/* The last block may be short: the file's bytes are all there. */
static void an_archive_may_end_behind_its_last_byte(void **state)
{
	(void)state;
	tar_begin(&made);
	tar_text(&made, "a", "one");
	assert_int_equal(mount_just(TAR_BLOCK_BYTES + 3), OK);
	assert_int_equal(mount_just(TAR_BLOCK_BYTES + 2), ERR_DAMAGED);
	assert_int_equal(mount_just(TAR_BLOCK_BYTES - 1), OK);
	assert_int_equal(t.n, 0);
	assert_int_equal(mount_just(0), OK);
}

static void set_base_256(uint8_t *h, uint64_t size)
{
	memset(h + 124, 0, 12);
	h[124] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		h[135 - i] = (uint8_t)(size >> 8 * i);
	tar_seal(h);
}

static void large_numbers_are_read(void **state)
{
	(void)state;
	tar_begin(&made);
	uint8_t *h = tar_header(&made, '0', "a", 0);
	set_base_256(h, 3);
	tar_data(&made, "one", 3);
	assert_int_equal(tar_made_mount(&t, &made), OK);
	kv_assert_value(&t.kv, "a", "one", 3);
	set_base_256(h, UINT64_MAX);
	assert_int_equal(tar_made_mount(&t, &made), ERR_DAMAGED);
	set_base_256(h, 1ull << 63);
	assert_int_equal(tar_made_mount(&t, &made), ERR_DAMAGED);
	memset(h + 124, 0xff, 12); /* -1 */
	tar_seal(h);
	assert_int_equal(tar_made_mount(&t, &made), ERR_DAMAGED);
}

static void numbers_that_are_none_are_damage(void **state)
{
	static const char *const numbers[] = {"99999999999", "0000000000x", "-0000000001",
					      "0x000000003", "1 1 1 1 1 1"};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		tar_begin(&made);
		uint8_t *h = tar_header(&made, '0', "a", 1);
		memcpy(h + 124, numbers[i], 11);
		tar_seal(h);
		tar_data(&made, "1", 1);
		enum err e = tar_made_mount(&t, &made);
		assert_int_equal(e, i < 4 ? ERR_DAMAGED : OK);
	}
}

/* --- extended headers ------------------------------------------------------------------------ */

static enum err mount_records(const char *records, size_t len)
{
	tar_begin(&made);
	(void)tar_header(&made, 'x', "x", len);
	tar_data(&made, records, len);
	tar_text(&made, "plain", "text");
	return tar_made_mount(&t, &made);
}

static void records_that_are_none_are_damage(void **state)
{
	static const char *const records[] = {
		"x",
		"11",
		"0 path=a\n",
		"1 path=a\n",
		"2 path=a\n",
		"3 path=a\n",
		"8 path=a\n",
		"11 path=a\n",
		"99 path=a\n",
		"99999999999999999999999 path=a\n",
		"18446744073709551615 path=a\n",
		"-9 path=a\n",
		"9path=a\n",
		"9 path a\n",
		"9 path=ab",
		"10 size=x\n",
		"8 size=\n",
		"12 size=1.5\n",
		"9 path=a\n7",
		"30 size=99999999999999999999\n",
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(records); i++)
		assert_int_equal(mount_records(records[i], strlen(records[i])), ERR_DAMAGED);
	assert_int_equal(mount_records("9 path=a\n", 9), OK);
	kv_assert_value(&t.kv, "a", "text", 4);
	assert_int_equal(mount_records("9 path=a\n11 path=b\n", 19), ERR_DAMAGED);
	assert_int_equal(mount_records("9 path=a\n9 path=b\n", 18), OK);
	kv_assert_value(&t.kv, "b", "text", 4);
	assert_int_equal(mount_records("16 mtime=-12.25\n", 16), OK);
	assert_int_equal(mount_records("13 comment=x\n", 13), OK);
	kv_assert_value(&t.kv, "plain", "text", 4);
}

static void a_size_of_an_extended_header_counts(void **state)
{
	(void)state;
	assert_int_equal(mount_records("10 size=3\n", 10), OK);
	kv_assert_value(&t.kv, "plain", "tex", 3);
	assert_int_equal(mount_records("12 size=999\n", 12), ERR_DAMAGED);
}

/* Records that nobody needs may be long; names that can be no keys are none. */
static void long_records_do_no_harm(void **state)
{
	enum { LONG = 5000 };
	static char text[LONG + 1];

	(void)state;
	memset(text, 'v', LONG);
	memcpy(text, "5000 SCHILY.xattr.user.x=", 25);
	text[LONG - 1] = '\n';
	assert_int_equal(mount_records(text, LONG), OK);
	kv_assert_value(&t.kv, "plain", "text", 4);
	memcpy(text, "5000 path=vvvvvvvvvvvvvvv", 25);
	assert_int_equal(mount_records(text, LONG), OK);
	assert_int_equal(t.n, 0);
	assert_int_equal(t.stats.left_out, 1);
	memset(text, 'k', LONG);
	memcpy(text, "5000 ", 5);
	assert_int_equal(mount_records(text, LONG), OK);
	kv_assert_value(&t.kv, "plain", "text", 4);
}

static void records_have_a_limit(void **state)
{
	static char text[400 * 5 + 1];

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		memcpy(text + 5 * i, "5 a=\n", 6);
	assert_int_equal(mount_records(text, 5 * 200), OK);
	assert_int_equal(mount_records(text, 5 * 400), ERR_DAMAGED);
}

static void a_long_name_is_for_the_next_member(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[200] = '\0';
	tar_begin(&made);
	(void)tar_header(&made, 'L', "././@LongLink", 201);
	tar_data(&made, name, 201);
	tar_text(&made, "short", "one");
	tar_text(&made, "other", "two");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	kv_assert_value(&t.kv, name, "one", 3);
	kv_assert_value(&t.kv, "other", "two", 3);
	kv_assert_absent(&t.kv, "short");
	name[200] = 'n'; /* no NUL, and too long */
	tar_begin(&made);
	(void)tar_header(&made, 'L', "././@LongLink", sizeof(name));
	tar_data(&made, name, sizeof(name));
	tar_text(&made, "short", "one");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_int_equal(t.n, 0);
}

static void links_to_nothing_are_left_out(void **state)
{
	static const char *const links[] = {"nowhere", "self", "/etc/passwd", "../x", ""};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(links); i++) {
		tar_begin(&made);
		uint8_t *h = tar_header(&made, '1', "self", 0);
		memcpy(h + 157, links[i], strlen(links[i]));
		tar_seal(h);
		assert_int_equal(tar_made_mount(&t, &made), OK);
		assert_int_equal(t.n, 0);
		assert_int_equal(t.stats.left_out, 1);
	}
}

/* --- bounds ---------------------------------------------------------------------------------- */

static void more_files_than_room_are_an_error(void **state)
{
	char name[20];

	(void)state;
	tar_begin(&made);
	for (unsigned i = 0; i < TAR_MADE_FILES; i++) {
		snprintf(name, sizeof(name), "%u", i * 37 % TAR_MADE_FILES);
		tar_text(&made, name, name);
	}
	tar_text(&made, "7", "again");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_int_equal(t.n, TAR_MADE_FILES);
	kv_assert_value(&t.kv, "63", "63", 2);
	kv_assert_value(&t.kv, "7", "again", 5);
	tar_text(&made, "one more", "");
	assert_int_equal(tar_made_mount(&t, &made), ERR_NOMEM);
	struct tar_room room = tar_made_room();
	room.names_max = 3;
	tar_begin(&made);
	tar_text(&made, "ab", "");
	tar_text(&made, "c", "");
	assert_int_equal(tar_mount_memory(&t, made.bytes, made.len, &room), OK);
	tar_text(&made, "d", "");
	assert_int_equal(tar_mount_memory(&t, made.bytes, made.len, &room), ERR_NOMEM);
}

/* Headers that bring no file do not keep a mount busy for ever. */
static void headers_have_a_limit(void **state)
{
	(void)state;
	tar_begin(&made);
	while (made.len < sizeof(made.bytes))
		(void)tar_header(&made, '5', "folder/", 0);
	assert_int_equal(tar_made_mount(&t, &made), ERR_DAMAGED);
	assert_true(t.stats.headers < sizeof(made.bytes) / TAR_BLOCK_BYTES);
}

int test_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_lead_elsewhere_are_left_out),
		cmocka_unit_test(a_wrong_checksum_is_damage),
		cmocka_unit_test(a_size_beyond_the_archive_is_damage),
		cmocka_unit_test(an_archive_may_end_behind_its_last_byte),
		cmocka_unit_test(large_numbers_are_read),
		cmocka_unit_test(numbers_that_are_none_are_damage),
		cmocka_unit_test(records_that_are_none_are_damage),
		cmocka_unit_test(a_size_of_an_extended_header_counts),
		cmocka_unit_test(long_records_do_no_harm),
		cmocka_unit_test(records_have_a_limit),
		cmocka_unit_test(a_long_name_is_for_the_next_member),
		cmocka_unit_test(links_to_nothing_are_left_out),
		cmocka_unit_test(more_files_than_room_are_an_error),
		cmocka_unit_test(headers_have_a_limit),
	};

	return cmocka_run_group_tests_name("hostile archives", tests, NULL, NULL);
}
