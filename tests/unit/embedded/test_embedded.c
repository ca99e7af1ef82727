/* SPDX-License-Identifier: ISC */
/* Files through the whole way: folder, tools/embed.py, assembler, linker, lookup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "storage/embedded/embedded.h"

static const struct {
	const char *name, *bytes;
	size_t len;
} files[] = {
	{"Z", "Z", 1},
	{"a", "a", 1},
	{"a.b", "a.b", 3},
	{"ab", "ab", 2},
	{"empty.txt", "", 0},
	{"img/bytes.bin", "\x00\x01\xff\"\\\n", 6},
	{"img/logo.svg", "logo", 4},
	{"index.html", "Hello, world!\n", 14},
};

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

/* --- the tool -------------------------------------------------------------------------------- */

static char folder[] = "/tmp/embedded.XXXXXX";

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
		cmocka_unit_test(output_depends_on_contents_alone),
		cmocka_unit_test(odd_names_are_refused),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
