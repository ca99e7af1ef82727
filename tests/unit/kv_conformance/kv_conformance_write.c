/* SPDX-License-Identifier: ISC */
/* What can be asked of a store that can be changed: values, keys, batches. */
#include "tests/unit/kv_conformance/kv_rig.h"

const struct kv_subject *rig_subject;
struct kv_rw *rig;

static uint64_t version_of(const char *key)
{
	struct kv_info info;

	assert_int_equal(kv_stat(&rig->kv, key, strlen(key), &info), OK);
	return info.version;
}

static bool fits(const struct kv_file *file)
{
	return file->len <= rig_subject->value_bytes_max &&
	       (rig_subject->key_bytes_max == 0 || strlen(file->key) <= rig_subject->key_bytes_max);
}

/* --- one key --------------------------------------------------------------------------------- */

static void a_new_store_is_empty(void **state)
{
	(void)state;
	ASSERT_LISTS("");
	kv_assert_absent(&rig->kv, "a");
	assert_int_equal(take_away("a"), ERR_NOTFOUND);
	must_sync();
	remount();
	ASSERT_LISTS("");
}

static void what_is_set_is_there(void **state)
{
	(void)state;
	must_put("a", "one");
	assert_text("a", "one");
	must_put("img/b", "two");
	assert_text("img/b", "two");
	assert_text("a", "one");
	ASSERT_LISTS("", "a", "img/");
	ASSERT_LISTS("img", "b");
}

static void what_was_synced_is_there_at_the_next_start(void **state)
{
	(void)state;
	put_seeded("some/where/a", rig_subject->value_bytes_max, 1);
	must_put("empty", "");
	must_sync();
	remount();
	assert_seeded("some/where/a", rig_subject->value_bytes_max, 1);
	assert_text("empty", "");
	ASSERT_LISTS("", "empty", "some/");
}

static void an_empty_value_is_not_no_value(void **state)
{
	(void)state;
	assert_int_equal(kv_put(rig, "nothing", NULL, 0), OK);
	assert_text("nothing", "");
	must_put("nothing", "something");
	assert_text("nothing", "something");
	must_put("nothing", "");
	assert_text("nothing", "");
	ASSERT_LISTS("", "nothing");
}

static void a_value_of_each_length(void **state)
{
	static const size_t lengths[] = {1, 2, 15, 16, 17, 255, 256, 257, 511, 512, 513, 999, 1000};
	char key[20];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		snprintf(key, sizeof(key), "of/%zu", lengths[i]);
		put_seeded(key, lengths[i], i);
	}
	must_sync();
	remount();
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		snprintf(key, sizeof(key), "of/%zu", lengths[i]);
		assert_seeded(key, lengths[i], i);
	}
}

static void the_last_value_counts(void **state)
{
	static const size_t lengths[] = {10, 900, 3, 0, 600, 600};

	(void)state;
	put_seeded("beside", 100, 50);
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		put_seeded("a", lengths[i], i);
		assert_seeded("a", lengths[i], i);
	}
	must_sync();
	remount();
	assert_seeded("a", 600, 5);
	assert_seeded("beside", 100, 50);
	ASSERT_LISTS("", "a", "beside");
}

static void another_value_is_another_version(void **state)
{
	(void)state;
	must_put("a", "one");
	uint64_t first = version_of("a");
	must_put("a", "two");
	uint64_t second = version_of("a");
	assert_true(first != second || first == 0);
	assert_int_equal(version_of("a"), second);
}

static void what_is_removed_is_gone(void **state)
{
	(void)state;
	must_put("a", "one");
	must_put("b/c", "two");
	must_put("b/d", "three");
	assert_int_equal(take_away("a"), OK);
	assert_int_equal(take_away("b/c"), OK);
	kv_assert_absent(&rig->kv, "a");
	assert_int_equal(take_away("a"), ERR_NOTFOUND);
	assert_int_equal(take_away("b"), ERR_NOTFOUND);
	ASSERT_LISTS("b", "d");
	must_sync();
	remount();
	kv_assert_absent(&rig->kv, "a");
	kv_assert_absent(&rig->kv, "b/c");
	assert_text("b/d", "three");
	must_put("a", "again");
	assert_text("a", "again");
}

/* --- rename ---------------------------------------------------------------------------------- */

static void a_value_moves(void **state)
{
	(void)state;
	put_seeded("a", 700, 1);
	assert_int_equal(move("a", "x/y/z"), OK);
	kv_assert_absent(&rig->kv, "a");
	assert_seeded("x/y/z", 700, 1);
	must_sync();
	remount();
	kv_assert_absent(&rig->kv, "a");
	assert_seeded("x/y/z", 700, 1);
}

static void a_value_takes_the_place_of_another(void **state)
{
	(void)state;
	must_put("a", "one");
	must_put("b", "two");
	assert_int_equal(move("a", "b"), OK);
	kv_assert_absent(&rig->kv, "a");
	assert_text("b", "one");
	ASSERT_LISTS("", "b");
	must_sync();
	remount();
	assert_text("b", "one");
	ASSERT_LISTS("", "b");
}

static void a_move_that_cannot_be_changes_nothing(void **state)
{
	(void)state;
	must_put("a", "one");
	assert_int_equal(move("a", "a"), OK);
	assert_text("a", "one");
	assert_int_equal(move("b", "a"), ERR_NOTFOUND);
	assert_int_equal(move("b", "c"), ERR_NOTFOUND);
	assert_int_equal(move("a", "../b"), ERR_INVALID);
	assert_int_equal(move("a", ""), ERR_INVALID);
	assert_text("a", "one");
	ASSERT_LISTS("", "a");
}

/* --- keys ------------------------------------------------------------------------------------ */

static void what_is_no_key_gets_no_value(void **state)
{
	static const char *const keys[] = {"",    "/",    "/a",   "a/",  "a//b",   ".",    "..",
					   "./a", "../a", "a/..", "a/.", "a/../b", "a/./b"};
	char key[KV_KEY_BYTES_MAX + 1];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
		assert_int_equal(put(keys[i], "x"), ERR_INVALID);
		kv_assert_absent(&rig->kv, keys[i]);
		enum err e = take_away(keys[i]);
		assert_true(e == ERR_NOTFOUND || e == ERR_INVALID);
	}
	assert_int_equal(kv_set(rig, "a\0b", 3, "x", 1), ERR_INVALID);
	memset(key, 'k', sizeof(key));
	assert_int_equal(kv_set(rig, key, sizeof(key), "x", 1), ERR_INVALID);
	ASSERT_LISTS("");
}

static void the_longest_key_is_one(void **state)
{
	size_t len = rig_subject->key_bytes_max > 0 ? rig_subject->key_bytes_max : KV_KEY_BYTES_MAX;
	char key[KV_KEY_BYTES_MAX + 1], other[KV_KEY_BYTES_MAX + 1];

	(void)state;
	for (size_t i = 0; i < len; i++)
		key[i] = i % 50 == 49 && i + 1 < len ? '/' : 'k';
	key[len] = '\0';
	memcpy(other, key, len + 1);
	other[len - 1] = 'x';
	must_put(key, "long");
	kv_assert_absent(&rig->kv, other);
	must_put(other, "another");
	must_sync();
	remount();
	assert_text(key, "long");
	assert_text(other, "another");
}

/* Whatever a store can have of both, nothing that was there is lost. */
static void a_key_below_a_key_loses_nothing(void **state)
{
	(void)state;
	must_put("a/b", "below");
	must_put("c", "flat");
	enum err e = put("a", "above");
	assert_true(e == OK || e == ERR_INVALID || e == ERR_EXISTS);
	assert_text("a/b", "below");
	if (e == OK)
		assert_text("a", "above");
	e = put("c/d", "below");
	assert_true(e == OK || e == ERR_INVALID || e == ERR_EXISTS);
	assert_text("c", "flat");
	e = move("c", "a");
	assert_true(e == OK || e == ERR_INVALID || e == ERR_EXISTS);
	assert_text(e == OK ? "a" : "c", "flat");
	assert_text("a/b", "below");
}

/* --- listing --------------------------------------------------------------------------------- */

static void many_keys_are_listed_once(void **state)
{
	enum { MANY = 40 };
	char text[MANY][24];
	const char *names[MANY + 1] = {NULL};
	char key[1000];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof(text[i]), "file number %02u", i);
		snprintf(key, sizeof(key), "folder/%s", text[i]);
		must_put(key, text[i]);
		names[i] = text[i];
	}
	kv_assert_lists(&rig->kv, "folder", names);
	must_sync();
	remount();
	kv_assert_lists(&rig->kv, "folder", names);
}

/* What does not come or go is listed once, while its neighbours do. */
static void a_listing_bears_changes(void **state)
{
	enum { MANY = 20 };
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	unsigned seen[MANY] = {0}, rounds = 0;
	char key[20];
	enum err e;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "f/%02u", i);
		must_put(key, key);
	}
	while ((e = kv_list(&rig->kv, "f", 1, &cursor, &entry)) == OK) {
		unsigned i = (unsigned)strtoul(entry.name, NULL, 10);
		assert_true(i < MANY || entry.name[0] == 'n');
		if (entry.name[0] != 'n')
			seen[i]++;
		assert_true(rounds++ < 4 * MANY);
		snprintf(key, sizeof(key), "f/%02u", i);
		if (entry.name[0] != 'n' && i % 3 == 0)
			assert_int_equal(take_away(key), OK);
		else if (entry.name[0] != 'n' && i % 3 == 1)
			must_put(key, "another value, longer than the first");
		snprintf(key, sizeof(key), "f/n%02u", rounds);
		if (rounds < 5)
			must_put(key, "new");
	}
	assert_int_equal(e, ERR_EOF);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
}

static void the_files_are_as_in_a_store_made_of_them(void **state)
{
	unsigned n, left = 0;
	const struct kv_file *files = kv_files(&n);

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		if (fits(&files[i]))
			assert_int_equal(kv_put(rig, files[i].key, files[i].bytes, files[i].len),
					 OK);
		else
			left++;
	}
	must_sync();
	remount();
	for (unsigned i = 0; i < n; i++) {
		if (fits(&files[i]))
			kv_assert_value(&rig->kv, files[i].key, files[i].bytes, files[i].len);
	}
	if (left == 0)
		kv_assert_files(&rig->kv);
}

/* --- batch ----------------------------------------------------------------------------------- */

static struct kv_change change(const char *key, const char *text)
{
	return (struct kv_change){key, strlen(key), text, text != NULL ? strlen(text) : 0};
}

static void a_batch_makes_all_its_changes(void **state)
{
	(void)state;
	must_put("old", "1");
	must_put("goes", "2");
	const struct kv_change changes[] = {
		change("old", "new"),   change("goes", NULL),    change("never/was", NULL),
		change("x/y", "first"), change("x/y", "second"), change("empty", ""),
	};
	assert_int_equal(kv_batch(rig, changes, ARRAY_SIZE(changes)), OK);
	assert_int_equal(kv_batch(rig, changes, 0), OK);
	must_sync();
	remount();
	assert_text("old", "new");
	kv_assert_absent(&rig->kv, "goes");
	assert_text("x/y", "second");
	assert_text("empty", "");
	ASSERT_LISTS("", "empty", "old", "x/");
}

static void a_batch_that_cannot_be_stops(void **state)
{
	(void)state;
	must_put("a", "1");
	const struct kv_change changes[] = {change("a", "2"), change("../b", "3"),
					    change("c", "4")};
	assert_int_equal(kv_batch(rig, changes, ARRAY_SIZE(changes)), ERR_INVALID);
	kv_assert_absent(&rig->kv, "c");
	if (rig->ops->batches_are_atomic)
		assert_text("a", "1");
}

/* --- the suite ------------------------------------------------------------------------------- */

int kv_rig_set_up(void **state)
{
	(void)state;
	rig = rig_subject->make(rig_subject->arg);
	return rig != NULL ? 0 : -1;
}

int kv_rig_tear_down(void **state)
{
	(void)state;
	if (rig_subject->destroy != NULL)
		rig_subject->destroy(rig_subject->arg);
	return 0;
}

int kv_conformance_write(const char *name, const struct kv_subject *subject)
{
	static char group[100];
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_is_empty),
		TEST(what_is_set_is_there),
		TEST(what_was_synced_is_there_at_the_next_start),
		TEST(an_empty_value_is_not_no_value),
		TEST(a_value_of_each_length),
		TEST(the_last_value_counts),
		TEST(another_value_is_another_version),
		TEST(what_is_removed_is_gone),
		TEST(a_value_moves),
		TEST(a_value_takes_the_place_of_another),
		TEST(a_move_that_cannot_be_changes_nothing),
		TEST(what_is_no_key_gets_no_value),
		TEST(the_longest_key_is_one),
		TEST(a_key_below_a_key_loses_nothing),
		TEST(many_keys_are_listed_once),
		TEST(a_listing_bears_changes),
		TEST(the_files_are_as_in_a_store_made_of_them),
		TEST(a_batch_makes_all_its_changes),
		TEST(a_batch_that_cannot_be_stops),
	};
	int failed;

	rig_subject = subject;
	snprintf(group, sizeof(group), "%s, changed", name);
	failed = cmocka_run_group_tests_name(group, tests, NULL, NULL);
	snprintf(group, sizeof(group), "%s, its room and medium", name);
	return failed +
	       _cmocka_run_group_tests(group, kv_room_tests, kv_room_tests_count, NULL, NULL);
}
