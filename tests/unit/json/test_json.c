/* SPDX-License-Identifier: ISC */
#include "net/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* In memory of just its length, so that ASan sees what is read behind it. */
static bool parses(const char *text)
{
	size_t len = strlen(text);
	char *exact = malloc(len + (len == 0));
	struct json value;

	assert_non_null(exact);
	memcpy(exact, text, len);
	bool ok = json_parse(&value, exact, len);
	free(exact);
	return ok;
}

static struct json parse(const char *text)
{
	struct json value;

	assert_true(json_parse(&value, text, strlen(text)));
	return value;
}

static void texts_are_checked(void **state)
{
	static const char *const good[] = {
		"{}",
		"[]",
		" { \"a\" : [ 1 , -0.5e+10 , true , false , null , \"\\u00e4\\n\\\"\" ] } ",
		"0",
		"-1",
		"1.5",
		"1e9",
		"2E-7",
		"\"\"",
		"true",
		"[[[[[[[[]]]]]]]]",
		"{\"a\":{\"b\":{}}}",
	};
	static const char *const bad[] = {
		"",
		" ",
		"{",
		"}",
		"[",
		"[1",
		"[1,",
		"[1,]",
		"[,1]",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{\"a\" 1}",
		"01",
		"-",
		"+1",
		"1.",
		".5",
		"1e",
		"1e+",
		"\"",
		"\"\n\"",
		"\"\\x\"",
		"\"\\u12\"",
		"\"\\",
		"tru",
		"nulll",
		"1 2",
		"{} {}",
		"[1}",
		"{\"a\":1]",
		"[[[[[[[[[]]]]]]]]]",
		"'a'",
		"0x10",
		"NaN",
		"\"\\u12g4\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(parses(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(parses(bad[i]));
}

static void members_are_found(void **state)
{
	struct json doc = parse(" {\"a\": 1, \"\\\"b\": {\"c\": 2}, \"c\" :3,\"c\":4, \"d\":[ ]}"),
		    v;
	int64_t n;

	(void)state;
	assert_true(json_member(doc, "a", &v) && json_number(v, 0, &n));
	assert_int_equal(n, 1);
	assert_true(json_member(doc, "c", &v) && json_number(v, 0, &n));
	assert_int_equal(n, 3); /* not that of the object within, and the first one */
	assert_true(json_member(doc, "d", &v));
	assert_int_equal(v.len, 3);
	assert_false(json_member(doc, "e", &v));
	assert_false(json_member(doc, "", &v));
	assert_false(json_member(parse("{}"), "a", &v));
	assert_false(json_member(parse("[1]"), "a", &v));
	assert_false(json_member(parse("1"), "a", &v));
}

static void items_follow_each_other(void **state)
{
	struct json rest = parse("[ 1 ,{\"x\":[2]} , \"],\" ]"), item, v;
	int64_t n;

	(void)state;
	assert_true(json_next(&rest, &item) && json_number(item, 0, &n));
	assert_int_equal(n, 1);
	assert_true(json_next(&rest, &item) && json_member(item, "x", &v));
	assert_true(json_next(&rest, &item));
	assert_int_equal(item.len, 4);
	assert_false(json_next(&rest, &item));
	assert_false(json_next(&rest, &item));
	rest = parse("[]");
	assert_false(json_next(&rest, &item));
	rest = parse("{\"a\":1}");
	assert_false(json_next(&rest, &item));
}

static void numbers_are_read_to_a_place(void **state)
{
	static const struct {
		const char *text;
		unsigned decimals;
		int64_t number;
	} examples[] = {
		{"0", 0, 0},
		{"-0", 0, 0},
		{"42", 0, 42},
		{"-42", 3, -42000},
		{"1.9", 0, 1},
		{"-1.9", 0, -1},
		{"0.000123456", 6, 123},
		{"10.0012", 6, 10001200},
		{"1e3", 0, 1000},
		{"1.5E+3", 0, 1500},
		{"1500e-3", 0, 1},
		{"1500e-3", 1, 15},
		{"1e-99999999999", 6, 0},
		{"0e99999999999", 6, 0},
		{"1e+15", 0, 1000000000000000},
		{"9223372036854775807", 0,
		 INT64_MAX - 7}, /* the last digit is beyond what is kept */
		{"922337203685477580", 0, 922337203685477580},
		{"9223372036854775808000", 0, INT64_MAX},
		{"-1e30", 0, -INT64_MAX},
		{"0.00000000000000000000000001e30", 0, 10000},
	};
	int64_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		assert_true(json_number(parse(examples[i].text), examples[i].decimals, &n));
		assert_int_equal(n, examples[i].number);
	}
	assert_false(json_number(parse("\"1\""), 0, &n));
	assert_false(json_number(parse("true"), 0, &n));
	assert_false(json_number(parse("[1]"), 0, &n));
}

static void only_true_is_true(void **state)
{
	(void)state;
	assert_true(json_is_true(parse(" true ")));
	assert_false(json_is_true(parse("false")));
	assert_false(json_is_true(parse("1")));
	assert_false(json_is_true(parse("\"true\"")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_checked),
		cmocka_unit_test(members_are_found),
		cmocka_unit_test(items_follow_each_other),
		cmocka_unit_test(numbers_are_read_to_a_place),
		cmocka_unit_test(only_true_is_true),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
