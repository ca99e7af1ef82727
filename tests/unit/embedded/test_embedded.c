/* SPDX-License-Identifier: ISC */
/* Files through the whole way: folder, tools/embed.py, assembler, linker, lookup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "storage/embedded/embedded.h"

#define UNKNOWN "application/octet-stream"

static const struct {
	const char *name, *bytes;
	size_t len;
	const char *type;
} files[] = {
	{"Z", "Z", 1, UNKNOWN},
	{"a", "a", 1, UNKNOWN},
	{"a.b", "a.b", 3, UNKNOWN},
	{"ab", "ab", 2, UNKNOWN},
	{"empty.txt", "", 0, "text/plain; charset=utf-8"},
	{"img/bytes.bin", "\x00\x01\xff\"\\\n", 6, UNKNOWN},
	{"img/logo.svg", "logo", 4, "image/svg+xml"},
	{"index.html", "Hello, world!\n", 14, "text/html; charset=utf-8"},
};

static char folder[] = "/tmp/embedded.XXXXXX";

static enum err get(const char *key, struct kv_value *value)
{
	/* A copy without a NUL, so that ASan sees a read past its end. */
	size_t len = strlen(key);
	char *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, key, len);
	enum err e = kv_get(&embedded_files.kv, copy, len, value);
	free(copy);
	return e;
}

static void every_file_is_found(void **state)
{
	(void)state;
	assert_int_equal(embedded_files.table->count, ARRAY_SIZE(files));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct kv_value value;
		assert_int_equal(get(files[i].name, &value), OK);
		assert_int_equal(value.bytes.len, files[i].len);
		assert_memory_equal(value.bytes.data, files[i].bytes, files[i].len);
		assert_null(value.bytes.owner);
		assert_int_equal((uintptr_t)value.bytes.data % 16, 0);
		assert_true(value.version != 0);
		assert_string_equal(value.media_type, files[i].type);
	}
}

static void nothing_else_is_found(void **state)
{
	static const char *const keys[] = {"",
					   "/",
					   "A",
					   "a.",
					   "a.bc",
					   "abc",
					   "b",
					   "zz",
					   "img",
					   "img/",
					   "/index.html",
					   "INDEX.HTML",
					   "img/logo.sv",
					   "img/logo.svgz",
					   "index.htm",
					   "../a"};
	struct kv_value value;
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		assert_int_equal(get(keys[i], &value), ERR_NOTFOUND);
}

static void versions_differ_as_the_bytes_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		for (size_t j = 0; j < i; j++) {
			struct kv_value a, b;
			assert_int_equal(get(files[i].name, &a), OK);
			assert_int_equal(get(files[j].name, &b), OK);
			assert_true(a.version != b.version);
		}
	}
}

/* --- compressed forms ------------------------------------------------------------------------ */

/* tools/embed.py --gzip of tests/unit/embedded/compressed */
extern struct embedded_files compressed_files;

static struct slice compressed(const char *key)
{
	struct kv_value value;
	assert_int_equal(kv_get(&compressed_files.kv, key, strlen(key), &value), OK);
	return value.bytes;
}

/* Whether gzip makes the file's bytes of those of KEY.gz. */
static bool expands(const char *key, const char *key_gz)
{
	struct slice file = compressed(key), small = compressed(key_gz);
	bool same = true;
	char path[64], command[128];
	snprintf(path, sizeof(path), "%s/x.gz", folder);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fwrite(small.data, 1, small.len, f);
	fclose(f);
	snprintf(command, sizeof(command), "gzip -dc %s 2>&1", path);
	f = popen(command, "r");
	assert_non_null(f);
	for (size_t i = 0; i < file.len; i++)
		same &= fgetc(f) == file.data[i];
	same &= fgetc(f) == EOF;
	return pclose(f) == 0 && same;
}

static void compressed_forms_expand_to_the_files(void **state)
{
	(void)state;
	assert_true(expands("page.html", "page.html.gz"));
	assert_true(expands("sub/page.html", "sub/page.html.gz"));
	assert_true(compressed("page.html.gz").len < compressed("page.html").len / 4);
}

static void what_is_short_or_made_by_hand_stays(void **state)
{
	struct kv_value value;
	struct slice own = compressed("own.html.gz");
	(void)state;
	assert_int_equal(kv_get(&compressed_files.kv, "short.txt.gz", 12, &value), ERR_NOTFOUND);
	assert_memory_equal(own.data, "made by hand\n", own.len);
	assert_int_equal(compressed_files.table->count, 7);
}

/* So that an image does not depend on when, where and by whom it was built (RFC 1952 2.3.1). */
static void compressed_forms_name_no_time_and_no_system(void **state)
{
	(void)state;
	static const uint8_t header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255};
	assert_memory_equal(compressed("page.html.gz").data, header, sizeof(header));
}

/* --- the tool -------------------------------------------------------------------------------- */

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[64];
	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* Embeds folder/in; returns what the shell says, with the tool's messages in folder/err. */
static int embed(const char *output)
{
	char command[256];
	snprintf(command, sizeof(command),
		 "cd %s && %s/tools/embed.py --name files --output %s in 2>err", folder,
		 getenv("PWD"), output);
	return system(command);
}

static void put_file(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void read_file(const char *name, char *text, size_t max)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, max - 1, f)] = '\0';
	fclose(f);
}

static void output_depends_on_contents_alone(void **state)
{
	static char first[8192], second[8192];
	char path[128];
	(void)state;
	snprintf(path, sizeof(path), "%s/in", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	put_file("in/b", "1");
	put_file("in/a", "2");
	assert_int_equal(embed("first.S"), 0);
	put_file("in/a", "2"); /* another time, the same bytes */
	assert_int_equal(embed("second.S"), 0);
	read_file("first.S", first, sizeof(first));
	read_file("second.S", second, sizeof(second));
	assert_string_equal(first, second);
	assert_null(strstr(first, folder));
	put_file("in/a", "3");
	assert_int_equal(embed("second.S"), 0);
	read_file("second.S", second, sizeof(second));
	assert_string_not_equal(first, second);
}

static void odd_names_are_refused(void **state)
{
	static const char *const names[] = {"a b", "a\"b", "\xc3\xa4", "a?b", "a%b", "a~"};
	static char message[1024];
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[16], path[128];
		snprintf(name, sizeof(name), "in/%s", names[i]);
		put_file(name, "x");
		assert_int_not_equal(embed("third.S"), 0);
		read_file("err", message, sizeof(message));
		assert_non_null(strstr(message, name));
		assert_non_null(strstr(message, "rename it"));
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(embed("third.S"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_found),
		cmocka_unit_test(nothing_else_is_found),
		cmocka_unit_test(versions_differ_as_the_bytes_do),
		cmocka_unit_test(compressed_forms_expand_to_the_files),
		cmocka_unit_test(what_is_short_or_made_by_hand_stays),
		cmocka_unit_test(compressed_forms_name_no_time_and_no_system),
		cmocka_unit_test(output_depends_on_contents_alone),
		cmocka_unit_test(odd_names_are_refused),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
