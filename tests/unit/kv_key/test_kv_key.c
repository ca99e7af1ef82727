/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hal/kv.h"

static bool is_valid(const char *key)
{
	return kv_key_is_valid(key, strlen(key));
}

static void test_paths_are_keys(void **state)
{
	(void)state;
	assert_true(is_valid("index.html"));
	assert_true(is_valid("img/logo.svg"));
	assert_true(is_valid(".well-known/x"));
	assert_true(is_valid("..."));
	assert_true(is_valid("a/..b/c."));
}

static void test_what_leads_elsewhere_is_none(void **state)
{
	(void)state;
	assert_false(is_valid(""));
	assert_false(is_valid("/index.html"));
	assert_false(is_valid("img/"));
	assert_false(is_valid("img//logo.svg"));
	assert_false(is_valid("."));
	assert_false(is_valid("img/./logo.svg"));
	assert_false(is_valid("../secret"));
	assert_false(is_valid("img/.."));
	assert_false(kv_key_is_valid("a\0b", 3));
}

static void test_the_longest(void **state)
{
	char key[KV_KEY_BYTES_MAX + 1];

	(void)state;
	memset(key, 'k', sizeof(key));
	assert_true(kv_key_is_valid(key, KV_KEY_BYTES_MAX));
	assert_false(kv_key_is_valid(key, KV_KEY_BYTES_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_are_keys),
		cmocka_unit_test(test_what_leads_elsewhere_is_none),
		cmocka_unit_test(test_the_longest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
