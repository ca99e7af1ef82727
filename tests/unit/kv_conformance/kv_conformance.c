/* SPDX-License-Identifier: ISC */
/* What can be asked of a store that can only be read, and the means of both parts. */
#define _GNU_SOURCE
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/kv_conformance/kv_conformance.h"

enum { FILES_MAX = 64, NAMES_MAX = 256, LIST_MAX = 1000 };

/* --- the files ------------------------------------------------------------------------------- */

static struct kv_file found[FILES_MAX];
static unsigned found_count;

static void load(const char *path, const char *key)
{
	FILE *f = fopen(path, "rb");
	struct kv_file *file = &found[found_count++];

	assert_non_null(f);
	assert_true(found_count <= FILES_MAX);
	fseek(f, 0, SEEK_END);
	file->len = (size_t)ftell(f);
	rewind(f);
	file->key = strdup(key);
	file->bytes = malloc(file->len + 1);
	assert_int_equal(fread(file->bytes, 1, file->len, f), file->len);
	fclose(f);
}

static void load_folder(const char *folder)
{
	const size_t prefix = strlen(KV_FILES_FOLDER) + 1;
	DIR *d = opendir(folder);
	struct dirent *entry;
	struct stat about;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		char path[600];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		assert_int_equal(stat(path, &about), 0);
		if (S_ISDIR(about.st_mode))
			load_folder(path);
		else
			load(path, path + prefix);
	}
	closedir(d);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct kv_file *)a)->key, ((const struct kv_file *)b)->key);
}

const struct kv_file *kv_files(unsigned *n)
{
	if (found_count == 0) {
		load_folder(KV_FILES_FOLDER);
		qsort(found, found_count, sizeof(found[0]), compare_keys);
	}
	*n = found_count;
	return found;
}

/* --- values ---------------------------------------------------------------------------------- */

/* The key without a NUL behind it, so that ASan sees who reads past its end. */
static char *bare(const char *key, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, key, len);
	return copy;
}

/* kv_read() into memory of just that size. */
static ssize_t read_at(struct kv *kv, const char *key, uint64_t offset, size_t len,
		       const uint8_t *expected)
{
	uint8_t *out = malloc(len > 0 ? len : 1);
	char *k = bare(key, strlen(key));

	assert_non_null(out);
	ssize_t n = kv_read(kv, k, strlen(key), offset, out, len);
	assert_true(n <= (ssize_t)len);
	if (n > 0)
		assert_memory_equal(out, expected, (size_t)n);
	free(k);
	free(out);
	return n;
}

static void assert_pieces(struct kv *kv, const char *key, const uint8_t *bytes, size_t len,
			  size_t piece)
{
	for (size_t at = 0; at <= len; at += piece) {
		ssize_t n = read_at(kv, key, at, piece, bytes + at);
		assert_int_equal(n, MIN(piece, len - at));
	}
}

/* A store that lends shows the same bytes; one that does not says so. */
static void assert_lent(struct kv *kv, const char *key, const void *bytes, size_t len)
{
	struct kv_value value = {0};
	enum err e = kv_get(kv, key, strlen(key), &value);

	if (e == ERR_UNSUPPORTED)
		return;
	assert_int_equal(e, OK);
	assert_int_equal(value.bytes.len, len);
	if (len > 0)
		assert_memory_equal(value.bytes.data, bytes, len);
}

void kv_assert_value(struct kv *kv, const char *key, const void *bytes, size_t len)
{
	static const size_t pieces[] = {1, 7, 512, 513, 4096};
	struct kv_info info;
	char *k = bare(key, strlen(key));

	assert_int_equal(kv_stat(kv, k, strlen(key), &info), OK);
	assert_int_equal(info.bytes, len);
	assert_false(info.is_folder);
	assert_int_equal(kv_exists(kv, k, strlen(key)), OK);
	free(k);
	assert_lent(kv, key, bytes, len);
	assert_int_equal(read_at(kv, key, 0, len + 10, bytes), len);
	for (size_t i = len > 2000 ? 1 : 0; i < ARRAY_SIZE(pieces); i++)
		assert_pieces(kv, key, bytes, len, pieces[i]);
}

static void assert_absent(struct kv *kv, const char *key, size_t len)
{
	struct kv_info info;
	struct kv_value value;
	char *k = bare(key, len);
	uint8_t byte;

	assert_int_equal(kv_stat(kv, k, len, &info), ERR_NOTFOUND);
	assert_int_equal(kv_exists(kv, k, len), ERR_NOTFOUND);
	assert_int_equal(kv_read(kv, k, len, 0, &byte, 1), ERR_NOTFOUND);
	enum err e = kv_get(kv, k, len, &value);
	assert_true(e == ERR_NOTFOUND || e == ERR_UNSUPPORTED);
	free(k);
}

void kv_assert_absent(struct kv *kv, const char *key)
{
	assert_absent(kv, key, strlen(key));
}

enum err kv_put(struct kv_rw *kv, const char *key, const void *bytes, size_t len)
{
	char *k = bare(key, strlen(key));
	enum err e = kv_set(kv, k, strlen(key), bytes, len);

	free(k);
	return e;
}

/* --- listings -------------------------------------------------------------------------------- */

struct names {
	char *at[NAMES_MAX];
	unsigned n;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_add(struct names *names, const char *name, size_t len, bool is_folder)
{
	char *text = malloc(len + 2);

	assert_non_null(text);
	assert_true(names->n < NAMES_MAX);
	memcpy(text, name, len);
	memcpy(text + len, is_folder ? "/" : "", is_folder ? 2 : 1);
	names->at[names->n++] = text;
}

static void names_free(struct names *names)
{
	for (unsigned i = 0; i < names->n; i++)
		free(names->at[i]);
	names->n = 0;
}

/* What the listing says of a key is what kv_stat() says. */
static void assert_same_info(struct kv *kv, const char *folder, const struct kv_entry *entry)
{
	char key[2 * KV_KEY_BYTES_MAX + 2];
	struct kv_info info;

	snprintf(key, sizeof(key), "%s%s%s", folder, folder[0] != '\0' ? "/" : "", entry->name);
	if (entry->info.is_folder) {
		kv_assert_absent(kv, key);
		return;
	}
	assert_int_equal(kv_stat(kv, key, strlen(key), &info), OK);
	assert_int_equal(info.bytes, entry->info.bytes);
	assert_int_equal(info.modified_s, entry->info.modified_s);
	assert_int_equal(info.version, entry->info.version);
}

static enum err list_names(struct kv *kv, const char *folder, struct names *names)
{
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	char *copy = bare(folder, strlen(folder));
	enum err e;

	while ((e = kv_list(kv, copy, strlen(folder), &cursor, &entry)) == OK) {
		names_add(names, entry.name, strlen(entry.name), entry.info.is_folder);
		assert_same_info(kv, folder, &entry);
	}
	free(copy);
	qsort(names->at, names->n, sizeof(names->at[0]), compare_names);
	return e;
}

static void assert_names(struct kv *kv, const char *folder, const struct names *expected)
{
	struct names names = {0};

	assert_int_equal(list_names(kv, folder, &names), ERR_EOF);
	for (unsigned i = 0; i < MIN(names.n, expected->n); i++)
		assert_string_equal(names.at[i], expected->at[i]);
	assert_int_equal(names.n, expected->n);
	names_free(&names);
}

void kv_assert_lists(struct kv *kv, const char *folder, const char *const names[])
{
	struct names expected = {0};

	for (unsigned i = 0; names[i] != NULL; i++)
		names_add(&expected, names[i], strlen(names[i]), false);
	assert_names(kv, folder, &expected);
	names_free(&expected);
}

/* The names below a folder of the files: sorted, since the files are. */
static void expect_names(const char *folder, struct names *out)
{
	size_t prefix = strlen(folder);
	unsigned n;
	const struct kv_file *files = kv_files(&n);

	for (unsigned i = 0; i < n; i++) {
		const char *name = files[i].key;
		if (prefix > 0 && (strncmp(name, folder, prefix) != 0 || name[prefix] != '/'))
			continue;
		name += prefix > 0 ? prefix + 1 : 0;
		const char *slash = strchr(name, '/');
		size_t len = slash != NULL ? (size_t)(slash - name) + 1 : strlen(name);
		if (out->n > 0 && strlen(out->at[out->n - 1]) == len &&
		    memcmp(out->at[out->n - 1], name, len) == 0)
			continue;
		names_add(out, name, len, false);
	}
	qsort(out->at, out->n, sizeof(out->at[0]), compare_names);
}

/* --- tests ----------------------------------------------------------------------------------- */

bool kv_conformance_ignores_case;

static struct kv *subject;

static void every_file_is_there(void **state)
{
	unsigned n;
	const struct kv_file *files = kv_files(&n);

	(void)state;
	assert_true(n > 10);
	for (unsigned i = 0; i < n; i++)
		kv_assert_value(subject, files[i].key, files[i].bytes, files[i].len);
}

static void nothing_else_is_there(void **state)
{
	static const char *const keys[] = {"A",
					   "aa",
					   "b",
					   "img",
					   "img/icons",
					   "img/icons/three.ico",
					   "index.htm",
					   "index.html2",
					   "long/n",
					   "deep/er/and",
					   "deep/er/and/deeper",
					   "zz/top",
					   "a/b",
					   "index.html/x"};

	(void)state;
	for (unsigned i = kv_conformance_ignores_case ? 1 : 0; i < ARRAY_SIZE(keys); i++)
		kv_assert_absent(subject, keys[i]);
}

static void what_is_no_key_is_not_found(void **state)
{
	static const char *const keys[] = {"",
					   "/",
					   "//",
					   ".",
					   "..",
					   "/index.html",
					   "index.html/",
					   "img/",
					   "img//logo.svg",
					   "./a",
					   "img/./logo.svg",
					   "img/../a",
					   "../a",
					   "\xff\xfe",
					   "\\index.html",
					   "%61"};
	char key[600];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++)
		kv_assert_absent(subject, keys[i]);
	assert_absent(subject, "a\0", 2);
	assert_absent(subject, "a\0b", 3);
	assert_absent(subject, "\0", 1);
	memset(key, 'k', sizeof(key));
	assert_absent(subject, key, KV_KEY_BYTES_MAX);
	assert_absent(subject, key, KV_KEY_BYTES_MAX + 1);
	assert_absent(subject, key, sizeof(key));
	memset(key, '/', sizeof(key));
	assert_absent(subject, key, sizeof(key));
}

static void behind_the_end_there_is_nothing(void **state)
{
	static const uint64_t offsets[] = {20000,      20001,          1ull << 31, (1ull << 32) + 5,
					   1ull << 63, UINT64_MAX - 1, UINT64_MAX};
	uint8_t byte;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(offsets); i++)
		assert_int_equal(kv_read(subject, "big.bin", 7, offsets[i], &byte, 1), 0);
	assert_int_equal(kv_read(subject, "big.bin", 7, 0, &byte, 0), 0);
	assert_int_equal(kv_read(subject, "empty.txt", 9, 0, &byte, 1), 0);
}

static void every_folder_lists_what_is_below_it(void **state)
{
	static const char *const folders[] = {
		"",        "img",         "img/icons",          "deep",
		"deep/er", "deep/er/and", "deep/er/and/deeper", "long"};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(folders); i++) {
		struct names expected = {0};
		expect_names(folders[i], &expected);
		assert_true(expected.n > 0);
		assert_names(subject, folders[i], &expected);
		names_free(&expected);
	}
}

static void what_is_no_folder_lists_nothing(void **state)
{
	static const char *const folders[] = {"b",    "im",   "img/", "/",  "img/icons/three",
					      "..",   ".",    "a",    "ab", "index.html",
					      "/img", "img/."};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(folders); i++) {
		struct kv_cursor cursor = {0};
		struct kv_entry entry;
		size_t len = strlen(folders[i]);
		assert_int_equal(kv_list(subject, folders[i], len, &cursor, &entry), ERR_NOTFOUND);
	}
}

static void the_end_of_a_listing_is_its_end(void **state)
{
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	unsigned n = 0;

	(void)state;
	while (kv_list(subject, "", 0, &cursor, &entry) == OK)
		assert_true(n++ < LIST_MAX);
	assert_int_equal(kv_list(subject, "", 0, &cursor, &entry), ERR_EOF);
	assert_int_equal(kv_list(subject, "", 0, &cursor, &entry), ERR_EOF);
}

static void a_version_stays_as_the_bytes_do(void **state)
{
	unsigned n;
	const struct kv_file *files = kv_files(&n);

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		struct kv_info a, b;
		size_t len = strlen(files[i].key);
		assert_int_equal(kv_stat(subject, files[i].key, len, &a), OK);
		assert_int_equal(kv_stat(subject, files[i].key, len, &b), OK);
		assert_int_equal(a.version, b.version);
	}
}

int kv_conformance_read(const char *name, struct kv *kv)
{
	static char group[100];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_there),
		cmocka_unit_test(nothing_else_is_there),
		cmocka_unit_test(what_is_no_key_is_not_found),
		cmocka_unit_test(behind_the_end_there_is_nothing),
		cmocka_unit_test(every_folder_lists_what_is_below_it),
		cmocka_unit_test(what_is_no_folder_lists_nothing),
		cmocka_unit_test(the_end_of_a_listing_is_its_end),
		cmocka_unit_test(a_version_stays_as_the_bytes_do),
	};

	snprintf(group, sizeof(group), "%s, read", name);
	subject = kv;
	return cmocka_run_group_tests_name(group, tests, NULL, NULL);
}

void kv_assert_files(struct kv *kv)
{
	subject = kv;
	every_file_is_there(NULL);
	nothing_else_is_there(NULL);
	what_is_no_key_is_not_found(NULL);
	behind_the_end_there_is_nothing(NULL);
	every_folder_lists_what_is_below_it(NULL);
	what_is_no_folder_lists_nothing(NULL);
	the_end_of_a_listing_is_its_end(NULL);
	a_version_stays_as_the_bytes_do(NULL);
}
