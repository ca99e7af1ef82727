/* SPDX-License-Identifier: ISC */
/*
 * Texts compared, and numbers divided as 32-bit machines do it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/divide.c"
#include "base/text.h"

static void equal_is_all_of_both(void **state)
{
	(void)state;
	assert_true(text_equal("", ""));
	assert_true(text_equal("port", "port"));
	assert_false(text_equal("port", "ports"));
	assert_false(text_equal("ports", "port"));
	assert_false(text_equal("port", "pork"));
}

static void begins_with_so_many_characters(void **state)
{
	(void)state;
	assert_true(text_begins("port", "portal", 4));
	assert_false(text_begins("port", "portal", 5));
	assert_true(text_begins("", "x", 0));
	assert_false(text_begins("no", "no-", 3));
	assert_false(text_begins("a\0b", "a\0b", 3)); /* never beyond the text's end */
}

static void hexadecimal_digits(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
		const char *at = c != 0 ? strchr(lower, c) : NULL;
		int expected = at != NULL ? (int)(at - lower) : -1;
		at = c != 0 ? strchr(upper, c) : NULL;
		if (at != NULL)
			expected = (int)(at - upper);
		assert_int_equal(text_hex_value((char)c), expected);
	}
}

static void finds_places_in_lists(void **state)
{
	static const char list[] = "zero\0one\0two\0";
	(void)state;
	assert_int_equal(text_place(list, "zero"), 0);
	assert_int_equal(text_place(list, "two"), 2);
	assert_int_equal(text_place(list, "tw"), -1);
	assert_int_equal(text_place(list, ""), -1);
	assert_int_equal(text_place("", "zero"), -1);
	assert_string_equal(text_at(list, 0), "zero");
	assert_string_equal(text_at(list, 2), "two");
}

static void quotient_and_rest(void **state)
{
	static const uint64_t numbers[] = {0,          1,          9,          10,        999999,
					   UINT32_MAX, 1ull << 32, 1ull << 63, UINT64_MAX};
	static const uint32_t divisors[] = {1, 2, 10, 16, 1000000, 1u << 31, UINT32_MAX};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(divisors); j++) {
			uint64_t n = numbers[i];
			uint32_t d = divisors[j], rest;
			assert_true(divide_bitwise(n, d, &rest) == n / d);
			assert_true(rest == n % d);
			assert_true(divide(n, d, &rest) == n / d);
			assert_true(rest == n % d);
		}
	}
}

static void characters_of_names(void **state)
{
	static const char good[] = "azAZ09-", bad[] = "_.@[`{/:";
	(void)state;
	for (unsigned i = 0; i < sizeof(good) - 1; i++)
		assert_true(text_is_name_char(good[i]));
	for (unsigned i = 0; i < sizeof(bad); i++) /* the NUL, too */
		assert_false(text_is_name_char(bad[i]));
	assert_false(text_is_name_char((char)0xda)); /* 'Z' with another bit */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_is_all_of_both),
		cmocka_unit_test(begins_with_so_many_characters),
		cmocka_unit_test(hexadecimal_digits),
		cmocka_unit_test(characters_of_names),
		cmocka_unit_test(finds_places_in_lists),
		cmocka_unit_test(quotient_and_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
