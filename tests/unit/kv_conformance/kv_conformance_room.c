/* SPDX-License-Identifier: ISC */
/* Values that come piece by piece, full stores, media that fail. */
#include "tests/unit/kv_conformance/kv_rig.h"

enum { FILL_KEYS_MAX = 200000 };

/* --- piece by piece -------------------------------------------------------------------------- */

static enum err begin(struct kv_writer *w, const char *key)
{
	*w = (struct kv_writer){0};
	return kv_open(rig, w, key, strlen(key));
}

static bool no_writer(void)
{
	struct kv_writer w;

	if (rig_subject->writer_bytes_max == 0)
		assert_int_equal(begin(&w, "a"), ERR_UNSUPPORTED);
	return rig_subject->writer_bytes_max == 0;
}

/* Appends seeded bytes in pieces of many lengths. */
static enum err append_seeded(struct kv_writer *w, size_t len, unsigned seed)
{
	uint8_t *bytes = malloc(len + 1);
	size_t at = 0, piece = 1;
	enum err e = OK;

	assert_non_null(bytes);
	make_bytes(bytes, len, seed);
	for (; at < len && e == OK; at += piece, piece = piece * 3 % 1021) {
		piece = MIN(piece, len - at);
		e = kv_append(w, bytes + at, piece);
	}
	free(bytes);
	return e;
}

static void a_value_in_pieces_comes_as_a_whole(void **state)
{
	struct kv_writer w;

	(void)state;
	if (no_writer())
		return;
	must_put("b", "old");
	assert_int_equal(begin(&w, "b"), OK);
	assert_int_equal(append_seeded(&w, rig_subject->writer_bytes_max, 7), OK);
	assert_text("b", "old");
	ASSERT_LISTS("", "b");
	assert_int_equal(kv_close(&w, true), OK);
	assert_seeded("b", rig_subject->writer_bytes_max, 7);
	assert_int_equal(begin(&w, "new/empty"), OK);
	kv_assert_absent(&rig->kv, "new/empty");
	assert_int_equal(kv_append(&w, "", 0), OK);
	assert_int_equal(kv_close(&w, true), OK);
	must_sync();
	remount();
	assert_seeded("b", rig_subject->writer_bytes_max, 7);
	assert_text("new/empty", "");
	ASSERT_LISTS("", "b", "new/");
}

static void a_value_that_is_not_kept_never_was(void **state)
{
	struct kv_writer w;

	(void)state;
	if (no_writer())
		return;
	must_put("b", "old");
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(begin(&w, i % 2 == 0 ? "b" : "c"), OK);
		assert_int_equal(append_seeded(&w, rig_subject->writer_bytes_max / 2, i), OK);
		(void)kv_close(&w, false);
		assert_text("b", "old");
		kv_assert_absent(&rig->kv, "c");
	}
	ASSERT_LISTS("", "b");
	assert_int_equal(begin(&w, "../c"), ERR_INVALID);
	must_sync();
	remount();
	ASSERT_LISTS("", "b");
}

static void a_value_that_was_abandoned_leaves_nothing(void **state)
{
	struct kv_writer w;

	(void)state;
	if (no_writer())
		return;
	must_put("b", "old");
	must_sync();
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(begin(&w, "b"), OK);
		assert_int_equal(append_seeded(&w, rig_subject->writer_bytes_max / 2, i), OK);
		remount(); /* nobody has closed it */
		assert_text("b", "old");
		ASSERT_LISTS("", "b");
	}
	assert_int_equal(begin(&w, "b"), OK);
	assert_int_equal(append_seeded(&w, rig_subject->writer_bytes_max / 2, 9), OK);
	assert_int_equal(kv_close(&w, true), OK);
	assert_seeded("b", rig_subject->writer_bytes_max / 2, 9);
}

static void others_change_while_a_value_comes(void **state)
{
	struct kv_writer w, second;

	(void)state;
	if (no_writer())
		return;
	assert_int_equal(begin(&w, "b"), OK);
	assert_int_equal(kv_append(&w, "one, ", 5), OK);
	must_put("c", "between");
	must_put("b", "by set");
	enum err e = begin(&second, "d");
	assert_true(e == OK || e == ERR_NOMEM);
	if (e == OK) {
		assert_int_equal(kv_append(&second, "dd", 2), OK);
		assert_int_equal(kv_close(&second, true), OK);
		assert_text("d", "dd");
	}
	assert_int_equal(kv_append(&w, "two", 3), OK);
	assert_int_equal(kv_close(&w, true), OK);
	assert_text("b", "one, two");
	assert_text("c", "between");
}

/* --- the end of the room --------------------------------------------------------------------- */

static void name_of(char key[static 20], unsigned i)
{
	snprintf(key, 20, "fill/%06u", i);
}

/* Sets keys until there is no space; returns how many there are. */
static unsigned fill(void)
{
	uint8_t bytes[VALUE];
	char key[20];

	for (unsigned i = 0; i < FILL_KEYS_MAX; i++) {
		make_bytes(bytes, VALUE, i);
		name_of(key, i);
		enum err e = kv_put(rig, key, bytes, VALUE);
		if (e == ERR_NOSPACE) {
			kv_assert_absent(&rig->kv, key);
			return i;
		}
		assert_int_equal(e, OK);
		assert_true((size_t)i * VALUE <= rig_subject->space_bytes);
	}
	fail();
	return 0;
}

static void assert_filled(unsigned n)
{
	char key[20];

	for (unsigned i = 0; i < n; i += i < 10 || i + 10 > n ? 1 : 1 + n / 50) {
		name_of(key, i);
		assert_seeded(key, VALUE, i);
	}
}

static void a_full_store_keeps_what_it_has(void **state)
{
	uint8_t *large = malloc(rig_subject->value_bytes_max);
	unsigned n = fill();

	(void)state;
	assert_true(n > 1);
	assert_filled(n);
	/* Overwriting needs room for both; whatever comes of it, one of them is there. */
	make_bytes(large, rig_subject->value_bytes_max, 999);
	enum err e = kv_put(rig, "fill/000000", large, rig_subject->value_bytes_max);
	assert_true(e == OK || e == ERR_NOSPACE);
	if (e == OK)
		kv_assert_value(&rig->kv, "fill/000000", large, rig_subject->value_bytes_max);
	else
		assert_seeded("fill/000000", VALUE, 0);
	free(large);
	must_sync();
	remount();
	if (e != OK)
		assert_filled(n);
}

static void a_full_store_takes_again_what_was_given_up(void **state)
{
	char key[20];
	unsigned n = fill();

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < n; i += 2) {
			name_of(key, i);
			assert_int_equal(take_away(key), OK);
		}
		must_sync();
		for (unsigned i = 0; i < n / 2; i += 2) {
			name_of(key, i);
			put_seeded(key, VALUE, i);
		}
		for (unsigned i = n / 2 + n / 2 % 2; i < n; i += 2) {
			name_of(key, i);
			must_put(key, "");
		}
	}
	must_sync();
	remount();
	for (unsigned i = 1; i < n; i += 2) {
		name_of(key, i);
		assert_seeded(key, VALUE, i);
	}
}

static void a_value_in_pieces_that_has_no_room_leaves_the_old(void **state)
{
	uint8_t bytes[VALUE] = {0};
	struct kv_writer w;
	enum err e = OK;

	(void)state;
	if (no_writer())
		return;
	must_put("a", "old");
	assert_int_equal(begin(&w, "a"), OK);
	for (size_t i = 0; i <= rig_subject->space_bytes && e == OK; i += VALUE)
		e = kv_append(&w, bytes, VALUE);
	assert_int_equal(e, ERR_NOSPACE);
	(void)kv_close(&w, false);
	assert_text("a", "old");
	ASSERT_LISTS("", "a");
	put_seeded("after", rig_subject->value_bytes_max, 3);
	assert_seeded("after", rig_subject->value_bytes_max, 3);
}

/* --- the medium ------------------------------------------------------------------------------ */

static bool is_of_the_medium(ssize_t e)
{
	return e == ERR_IO || e == ERR_NODEV || e == ERR_TIMEOUT || e == ERR_DAMAGED;
}

/* From a cache, the right value; else the error: never another, nor that there is none. */
static void errors_of_the_medium_reach_the_caller(void **state)
{
	struct kv_info info;
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	uint8_t byte = 0;

	(void)state;
	if (rig_subject->break_medium == NULL)
		return;
	must_put("a", "one");
	put_seeded("large", rig_subject->value_bytes_max, 1);
	must_sync();
	remount();
	rig_subject->break_medium(rig_subject->arg, true);
	enum err e = kv_stat(&rig->kv, "a", 1, &info);
	assert_true((e == OK && info.bytes == 3) || is_of_the_medium(e));
	ssize_t n = kv_read(&rig->kv, "a", 1, 0, &byte, 1);
	assert_true((n == 1 && byte == 'o') || is_of_the_medium(n));
	e = kv_list(&rig->kv, "", 0, &cursor, &entry);
	assert_true(e == OK || is_of_the_medium(e));
	e = put("a", "two");
	if (e == OK)
		e = kv_sync(rig);
	assert_true(is_of_the_medium(e));
	assert_true(put("b", "new") != OK || is_of_the_medium(kv_sync(rig)));
	rig_subject->break_medium(rig_subject->arg, false);
	remount();
	assert_seeded("large", rig_subject->value_bytes_max, 1);
	assert_int_equal(kv_stat(&rig->kv, "a", 1, &info), OK);
	must_put("a", "three");
	must_sync();
	remount();
	assert_text("a", "three");
}

static void a_value_in_pieces_sees_errors_of_the_medium(void **state)
{
	uint8_t bytes[VALUE] = {0};
	struct kv_writer w;
	enum err e = OK;

	(void)state;
	if (rig_subject->break_medium == NULL || no_writer())
		return;
	must_put("a", "old");
	must_sync();
	assert_int_equal(begin(&w, "a"), OK);
	assert_int_equal(kv_append(&w, bytes, VALUE), OK);
	rig_subject->break_medium(rig_subject->arg, true);
	for (size_t i = 0; i < rig_subject->writer_bytes_max && e == OK; i += VALUE)
		e = kv_append(&w, bytes, VALUE);
	if (e == OK)
		e = kv_close(&w, true);
	else
		(void)kv_close(&w, false);
	if (e == OK)
		e = kv_sync(rig);
	assert_true(is_of_the_medium(e));
	rig_subject->break_medium(rig_subject->arg, false);
	remount();
	assert_text("a", "old");
	ASSERT_LISTS("", "a");
}

/* --- the suite ------------------------------------------------------------------------------- */

const struct CMUnitTest kv_room_tests[] = {
	TEST(a_value_in_pieces_comes_as_a_whole),
	TEST(a_value_that_is_not_kept_never_was),
	TEST(a_value_that_was_abandoned_leaves_nothing),
	TEST(others_change_while_a_value_comes),
	TEST(a_full_store_keeps_what_it_has),
	TEST(a_full_store_takes_again_what_was_given_up),
	TEST(a_value_in_pieces_that_has_no_room_leaves_the_old),
	TEST(errors_of_the_medium_reach_the_caller),
	TEST(a_value_in_pieces_sees_errors_of_the_medium),
};
const unsigned kv_room_tests_count = ARRAY_SIZE(kv_room_tests);
