/* SPDX-License-Identifier: ISC */
#include "tests/unit/fat/rig.h"

/* Each test runs on a volume of each type, with the least memory and with much. */
static struct rig rig;
static struct rig *const r = &rig;

typedef void body_fn(void);

static void on_all(body_fn *body)
{
	for (unsigned i = 0; i < SHAPES; i++) {
		for (unsigned slots = FAT_SLOTS_MIN; slots <= FAT_SLOTS_MAX; slots += 56) {
			rig_make(r, &shapes[i], slots);
			body();
			assert_clean(r);
			rig_free(r);
		}
	}
}

static void keys_of_all_kinds(void)
{
	char key[KV_KEY_BYTES_MAX + 1];

	assert_string_equal(names_in(r, ""), "");
	assert_int_equal(put_text(r, "a.txt", "one"), OK);
	assert_int_equal(put_text(r, "A longer name than fits.html", "two"), OK);
	assert_int_equal(put_text(r, "f/o/l/d/e/r", "three"), OK);
	assert_int_equal(put_text(r, "f/\xc3\xa4\xe6\x97\xa5.x", ""), OK);
	memset(key, 'k', sizeof(key));
	key[KV_KEY_BYTES_MAX] = '\0';
	assert_int_equal(put_text(r, key, "long"), OK);
	for (unsigned i = 1; i < KV_KEY_BYTES_MAX; i += 2)
		key[i] = '/';
	assert_int_equal(drop(r, "nothing"), ERR_NOTFOUND);
	for (unsigned pass = 0; pass < 2; pass++) {
		assert_text(r, "a.txt", "one");
		assert_text(r, "A.TXT", "one");
		assert_text(r, "a longer NAME than fits.html", "two");
		assert_text(r, "f/o/l/d/e/r", "three");
		assert_text(r, "F/\xc3\x84\xe6\x97\xa5.X", "");
		assert_absent(r, "ALONGE~1.HTM"); /* a name has one key */
		assert_absent(r, "f");
		assert_absent(r, "f/o");
		assert_absent(r, "f/x");
		assert_absent(r, "a.txt/x");
		assert_string_equal(names_in(r, "f"), "o/ \xc3\xa4\xe6\x97\xa5.x ");
		assert_string_equal(names_in(r, "f/o/l/d/e"), "r ");
		assert_int_equal(kv_sync(&r->v.kv), OK);
		rig_restart(r);
	}
	assert_int_equal(r->v.stats.damaged, 0);
}

static void test_keys_of_all_kinds(void **state)
{
	(void)state;
	on_all(keys_of_all_kinds);
}

static void the_deepest_key(void)
{
	char key[KV_KEY_BYTES_MAX + 1];

	memset(key, 'k', sizeof(key));
	for (unsigned i = 1; i < KV_KEY_BYTES_MAX; i += 2)
		key[i] = '/';
	key[KV_KEY_BYTES_MAX] = '\0';
	enum err e = put_text(r, key, "deep");
	if (e == ERR_NOSPACE) /* of the small ones */
		assert_string_equal(names_in(r, ""), "");
	else
		assert_text(r, key, "deep");
	rig_restart(r);
	if (e == OK && kv_sync(&r->v.kv) == OK)
		(void)drop(r, key);
}

static void test_the_deepest_key(void **state)
{
	(void)state;
	on_all(the_deepest_key);
}

static void lengths(void)
{
	static const size_t all[] = {0,    1,    511,  512,  513,  1023,
				     1024, 1025, 4095, 4096, 4097, 20000};

	for (unsigned i = 0; i < ARRAY_SIZE(all); i++)
		assert_int_equal(put_seeded(r, "x/value", all[i], i), OK);
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		char key[20];

		snprintf(key, sizeof(key), "x/%u", i);
		assert_int_equal(put_seeded(r, key, all[i], i), OK);
	}
	rig_restart(r);
	assert_int_equal(kv_sync(&r->v.kv), OK);
}

/* Nothing is synced, and all is lost, or all is synced and nothing is. */
static void test_lengths(void **state)
{
	static const size_t all[] = {0,    1,    511,  512,  513,  1023,
				     1024, 1025, 4095, 4096, 4097, 20000};
	uint8_t expected[20000], out[20000];

	(void)state;
	on_all(lengths);
	for (unsigned s = 0; s < SHAPES; s++) {
		rig_make(r, &shapes[s], 8);
		for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
			assert_int_equal(put_seeded(r, "x/value", all[i], i), OK);
			assert_seeded(r, "x/value", all[i], i);
		}
		assert_int_equal(kv_sync(&r->v.kv), OK);
		rig_restart(r);
		fill(expected, sizeof(expected), ARRAY_SIZE(all) - 1);
		for (size_t at = 0; at < sizeof(out); at += 997) {
			for (size_t n = 1; n < 9000; n = n * 3 + 1) {
				size_t there = MIN(n, sizeof(out) - at);

				assert_int_equal(kv_read(&r->v.kv.kv, "x/value", 7, at, out, n),
						 there);
				assert_memory_equal(out, &expected[at], there);
			}
		}
		assert_int_equal(kv_read(&r->v.kv.kv, "x/value", 7, UINT64_MAX, out, 1), 0);
		assert_clean(r);
		rig_free(r);
	}
}

static void folders_come_and_go(void)
{
	assert_int_equal(put_text(r, "a/b/c", "1"), OK);
	assert_int_equal(put_text(r, "a/d", "2"), OK);
	assert_int_equal(put_text(r, "a", "no"), ERR_INVALID);
	assert_int_equal(put_text(r, "a/d/e", "no"), ERR_INVALID);
	assert_int_equal(put_text(r, "x/y/../z", "no"), ERR_INVALID);
	assert_int_equal(put_text(r, "x/y/z:", "no"), ERR_INVALID);
	assert_string_equal(names_in(r, ""), "a/ ");
	assert_int_equal(drop(r, "a"), ERR_NOTFOUND);
	assert_int_equal(drop(r, "a/b"), ERR_NOTFOUND);
	assert_int_equal(drop(r, "a/b/c"), OK);
	assert_string_equal(names_in(r, "a"), "d ");
	assert_int_equal(move(r, "a/d", "e/f/g"), OK);
	assert_string_equal(names_in(r, ""), "e/ ");
	assert_text(r, "e/f/g", "2");
	assert_int_equal(drop(r, "e/f/g"), OK);
	assert_string_equal(names_in(r, ""), "");
	uint64_t n_free, all;
	assert_int_equal(fat_space(&r->v, &n_free, &all), OK);
	assert_int_equal(all - n_free,
			 r->v.bits == 32 ? r->v.sector_bytes << r->v.cluster_shift : 0);
}

static void test_folders_come_and_go(void **state)
{
	(void)state;
	on_all(folders_come_and_go);
}

static void names_that_look_alike(void)
{
	char key[60], all[9000] = "";

	for (unsigned i = 0; i < 60; i++) {
		snprintf(key, sizeof(key), "f/similar name %02u.text", i);
		assert_int_equal(put_text(r, key, key), OK);
		strcat(all, key + 2);
		strcat(all, " ");
	}
	assert_string_equal(names_in(r, "f"), all);
	/* A key that looks like the number that another has got. */
	assert_int_equal(put_text(r, "f/SIMILA~1.TEX", "mine"), OK);
	assert_text(r, "f/similar name 00.text", "f/similar name 00.text");
	assert_text(r, "f/simila~1.tex", "mine");
	for (unsigned i = 0; i < 60; i += 2) {
		snprintf(key, sizeof(key), "f/similar name %02u.text", i);
		assert_int_equal(drop(r, key), OK);
	}
	for (unsigned i = 0; i < 60; i++) {
		snprintf(key, sizeof(key), "f/similar name %02u.text", i);
		if (i % 2 == 1)
			assert_text(r, key, key);
		else
			assert_absent(r, key);
	}
	assert_text(r, "f/simila~1.tex", "mine");
}

static void test_names_that_look_alike(void **state)
{
	(void)state;
	on_all(names_that_look_alike);
}

static void renames(void)
{
	assert_int_equal(put_text(r, "a", "one"), OK);
	assert_int_equal(put_text(r, "b", "two"), OK);
	assert_int_equal(move(r, "a", "b"), OK);
	assert_absent(r, "a");
	assert_text(r, "b", "one");
	assert_int_equal(move(r, "b", "b"), OK);
	assert_int_equal(move(r, "b", "B"), OK);
	assert_string_equal(names_in(r, ""), "B ");
	assert_int_equal(move(r, "b", "A name that is long"), OK);
	assert_int_equal(move(r, "a name THAT is long", "a name that is long"), OK);
	assert_string_equal(names_in(r, ""), "a name that is long ");
	assert_int_equal(move(r, "none", "other"), ERR_NOTFOUND);
	assert_int_equal(move(r, "a name that is long", "x/*"), ERR_INVALID);
	for (unsigned i = 0; i < 70; i++) { /* past the last mark */
		assert_int_equal(move(r, i == 0 ? "a name that is long" : "q/a", "q/b"), OK);
		assert_int_equal(move(r, "q/b", "q/a"), OK);
	}
	assert_text(r, "q/a", "one");
	assert_string_equal(names_in(r, ""), "q/ ");
}

static void test_renames(void **state)
{
	(void)state;
	on_all(renames);
}

static void full(void)
{
	char key[40];
	unsigned n = 0;
	enum err e;
	uint32_t bytes = r->shape->sectors * r->shape->sector_bytes / 24;

	assert_int_equal(put_text(r, "old", "value"), OK);
	do {
		snprintf(key, sizeof(key), "folder/file %u", n++);
		e = put_seeded(r, key, bytes, n - 1);
	} while (e == OK);
	assert_int_equal(e, ERR_NOSPACE);
	assert_absent(r, key);
	assert_text(r, "old", "value");
	assert_int_equal(put_seeded(r, "old", 4 * bytes, 1), ERR_NOSPACE);
	assert_text(r, "old", "value");
	assert_int_equal(put_seeded(r, "new/folder/x", 4 * bytes, 1), ERR_NOSPACE);
	assert_string_equal(names_in(r, ""), "folder/ old ");
	for (unsigned i = 0; i + 1 < n; i++) {
		snprintf(key, sizeof(key), "folder/file %u", i);
		assert_seeded(r, key, bytes, i);
	}
	/* What is removed has room again at once. */
	for (unsigned i = 0; i + 1 < n; i++) {
		snprintf(key, sizeof(key), "folder/file %u", i);
		assert_int_equal(drop(r, key), OK);
		assert_int_equal(put_seeded(r, "again", bytes, i), OK);
	}
	assert_seeded(r, "again", bytes, n - 2);
	assert_string_equal(names_in(r, ""), "again old ");
}

static void test_full(void **state)
{
	(void)state;
	on_all(full);
}

static void many_entries(void)
{
	char key[40];
	unsigned n = 0;

	for (; n < 150; n++) {
		snprintf(key, sizeof(key), "%s%05u.a name", n % 2 == 0 ? "" : "sub/", n);
		enum err e = put_text(r, key, "");

		if (e == ERR_NOSPACE) /* the root of a small one is full */
			break;
		assert_int_equal(e, OK);
	}
	assert_true(n > 20);
	for (unsigned i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "%s%05u.a name", i % 2 == 0 ? "" : "sub/", i);
		assert_text(r, key, "");
		if (i % 3 == 0)
			assert_int_equal(drop(r, key), OK);
	}
}

static void test_many_entries(void **state)
{
	(void)state;
	on_all(many_entries);
}

static void in_pieces(void)
{
	static uint8_t bytes[30000];
	struct kv_writer w[FAT_WRITERS + 1];
	size_t at = 0;

	fill(bytes, sizeof(bytes), 9);
	assert_int_equal(put_text(r, "s/a", "old"), OK);
	for (unsigned i = 0; i < FAT_WRITERS; i++)
		assert_int_equal(kv_open(&r->v.kv, &w[i], i == 0 ? "s/a" : "s/b", 3), OK);
	assert_int_equal(kv_open(&r->v.kv, &w[FAT_WRITERS], "s/c", 3), ERR_NOMEM);
	for (size_t piece = 1; at < sizeof(bytes); at += piece) {
		piece = MIN(piece * 2 % 1777, sizeof(bytes) - at);
		assert_int_equal(kv_append(&w[0], &bytes[at], piece), OK);
		assert_int_equal(kv_append(&w[1], &bytes[at], 1), OK);
		assert_text(r, "s/a", "old");
	}
	assert_int_equal(fat_check(&r->v), ERR_AGAIN);
	assert_int_equal(kv_close(&w[0], true), OK);
	assert_value(r, "s/a", bytes, sizeof(bytes));
	for (unsigned i = 1; i < FAT_WRITERS; i++)
		assert_int_equal(kv_close(&w[i], false), OK);
	assert_string_equal(names_in(r, "s"), "a ");
	assert_int_equal(kv_append(&w[0], bytes, 1), ERR_CLOSED);
	assert_int_equal(kv_close(&w[0], true), ERR_CLOSED);
	/* One that finds no room, and one that nobody ends. */
	assert_int_equal(kv_open(&r->v.kv, &w[0], "s/a", 3), OK);
	enum err e = OK;
	for (unsigned i = 0; i < 1000 && e == OK; i++)
		e = kv_append(&w[0], bytes, sizeof(bytes));
	assert_int_equal(e, ERR_NOSPACE);
	assert_int_equal(kv_close(&w[0], true), ERR_NOSPACE);
	assert_value(r, "s/a", bytes, sizeof(bytes));
	assert_int_equal(kv_open(&r->v.kv, &w[0], "s/z", 3), OK);
	assert_int_equal(kv_append(&w[0], bytes, 5000), OK);
}

static void test_in_pieces(void **state)
{
	(void)state;
	on_all(in_pieces);
}

static void test_what_is_told_of_a_value(void **state)
{
	struct kv_info a, b;

	(void)state;
	rig_make(r, &shapes[2], 8);
	for (unsigned clock = 0; clock < 2; clock++) {
		uint64_t versions[50];

		r->now_s = clock == 0 ? UINT64_C(1790000000) : 0;
		for (unsigned i = 0; i < 50; i++) {
			assert_int_equal(put_seeded(r, "f/v", 100, i), OK);
			assert_int_equal(kv_stat(&r->v.kv.kv, "f/v", 3, &a), OK);
			versions[i] = a.version;
			for (unsigned k = 0; k < i; k++)
				assert_true(versions[k] != versions[i]);
		}
		assert_int_equal(kv_stat(&r->v.kv.kv, "f/v", 3, &b), OK);
		assert_int_equal(a.version, b.version);
		assert_int_equal(b.bytes, 100);
		assert_false(b.is_folder);
		assert_int_equal(b.modified_s, clock == 0 ? 1790000098 : 0);
		assert_int_equal(drop(r, "f/v"), OK);
	}
	rig_free(r);
}

static void test_one_read_for_a_value_in_a_row(void **state)
{
	static uint8_t bytes[100 * 1024];

	(void)state;
	rig_make(r, &shapes[1], 16);
	assert_int_equal(put_seeded(r, "big", sizeof(bytes), 3), OK);
	assert_int_equal(kv_read(&r->v.kv.kv, "big", 3, 0, bytes, 1), 1);
	uint64_t reads = r->disk.calls[DISK_MEMORY_READ];
	assert_int_equal(kv_read(&r->v.kv.kv, "big", 3, 0, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(r->disk.calls[DISK_MEMORY_READ], reads + 1);
	assert_seeded(r, "big", sizeof(bytes), 3);
	rig_free(r);
}

static void test_the_mark_of_a_volume_in_use(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++) {
		unsigned at = shapes[i].bits == 32 ? 65 : 37;

		rig_make(r, &shapes[i], 8);
		assert_absent(r, "x");
		assert_int_equal(r->disk.calls[DISK_MEMORY_WRITE], 0);
		assert_int_equal(put_text(r, "x", "1"), OK);
		assert_int_equal(r->disk.bytes[at] & 1, 1);
		assert_int_equal(kv_sync(&r->v.kv), OK);
		assert_int_equal(r->disk.bytes[at] & 1, 1);
		rig_restart(r);
		assert_text(r, "x", "1");
		assert_int_equal(r->v.stats.checks, 1);
		assert_int_equal(fat_unmount(&r->v), OK);
		assert_int_equal(r->disk.bytes[at] & 1, 0);
		rig_restart(r);
		assert_text(r, "x", "1");
		assert_int_equal(r->v.stats.checks, 0);
		rig_free(r);
	}
}

static void test_a_volume_to_read_only(void **state)
{
	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_text(r, "x", "1"), OK);
	assert_int_equal(kv_sync(&r->v.kv), OK);
	r->disk.disk.read_only = true;
	rig_restart(r);
	assert_text(r, "x", "1");
	assert_int_equal(put_text(r, "x", "2"), ERR_READONLY);
	assert_int_equal(drop(r, "x"), ERR_READONLY);
	assert_int_equal(move(r, "x", "y"), ERR_READONLY);
	assert_int_equal(fat_unmount(&r->v), OK);
	r->disk.disk.read_only = false;
	fat_init(&r->v, &r->disk.disk, NULL, r->memory, sizeof(r->memory), r->v.now_s, r);
	assert_text(r, "x", "1");
	rig_free(r);
}

static void test_a_medium_that_comes_and_goes(void **state)
{
	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_text(r, "x", "1"), OK);
	assert_int_equal(kv_sync(&r->v.kv), OK);
	uint64_t sectors = r->disk.disk.sectors;
	r->disk.disk.sectors = 0;
	assert_int_equal(put_seeded(r, "y", 5000, 1), ERR_NODEV);
	assert_int_equal(put_seeded(r, "y", 5000, 1), ERR_NODEV);
	r->disk.disk.sectors = sectors;
	assert_text(r, "x", "1");
	assert_int_equal(kv_sync(&r->v.kv), ERR_NODEV); /* what was not synced is gone */
	assert_int_equal(kv_sync(&r->v.kv), OK);
	assert_int_equal(put_text(r, "y", "2"), OK);
	assert_clean(r);
	rig_free(r);
}

static void test_a_sector_of_the_table_that_cannot_be_read_has_a_copy(void **state)
{
	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_seeded(r, "x", 5000, 1), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	/* Of a mount: the boot sector, that again, and the table, whose first sector has the mark.
	 */
	disk_memory_fail(&r->disk, DISK_MEMORY_READ, 3, ERR_IO);
	assert_seeded(r, "x", 5000, 1);
	rig_free(r);
}

/* Each goes on where it was: nobody follows the chain from its beginning again. */
static void test_readers_of_one_long_value(void **state)
{
	static const struct fat_shape shape = {512, 20000, 1, 32, 2, 0};
	enum { BYTES = 4 << 20, STEPS = 100, READERS = 2 };
	uint8_t *bytes = malloc(BYTES), out[512];

	(void)state;
	rig_make(r, &shape, 8);
	fill(bytes, BYTES, 1);
	assert_int_equal(put(r, "long", bytes, BYTES), OK);
	r->disk.calls[DISK_MEMORY_READ] = 0;
	for (size_t i = 0; i < STEPS; i++) {
		for (size_t reader = 0; reader < READERS; reader++) {
			size_t at = reader * (3 << 20) + i * sizeof(out);

			assert_int_equal(kv_read(&r->v.kv.kv, "long", 4, at, out, sizeof(out)),
					 sizeof(out));
			assert_memory_equal(out, &bytes[at], sizeof(out));
		}
	}
	/* A sector each time, and those of the table: on the way there, and as each goes on. */
	assert_true(r->disk.calls[DISK_MEMORY_READ] < STEPS * READERS + 80);
	free(bytes);
	assert_clean(r);
	rig_free(r);
}

const struct CMUnitTest store_tests[] = {
	cmocka_unit_test(test_keys_of_all_kinds),
	cmocka_unit_test(test_the_deepest_key),
	cmocka_unit_test(test_lengths),
	cmocka_unit_test(test_folders_come_and_go),
	cmocka_unit_test(test_names_that_look_alike),
	cmocka_unit_test(test_renames),
	cmocka_unit_test(test_full),
	cmocka_unit_test(test_many_entries),
	cmocka_unit_test(test_in_pieces),
	cmocka_unit_test(test_what_is_told_of_a_value),
	cmocka_unit_test(test_one_read_for_a_value_in_a_row),
	cmocka_unit_test(test_readers_of_one_long_value),
	cmocka_unit_test(test_the_mark_of_a_volume_in_use),
	cmocka_unit_test(test_a_volume_to_read_only),
	cmocka_unit_test(test_a_medium_that_comes_and_goes),
	cmocka_unit_test(test_a_sector_of_the_table_that_cannot_be_read_has_a_copy),
};
const size_t store_count = ARRAY_SIZE(store_tests);
