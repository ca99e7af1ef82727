/* SPDX-License-Identifier: ISC */
/*
 * What the configuration compiler relies on. An initialiser is expected as it stands in the source
 * of these tests: so the compiler has seen that it is C, and what its value is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/args_types.h"
#include "tests/unit/args/keys.h"

static char out[400];

static enum err emit(const struct key *key, const char *given)
{
	memset(out, 'x', sizeof(out));
	return key_type_info_of(key->type)->emit(key, given, out, sizeof(out));
}

/* That `text` as a key of `type` is emitted as the initialiser given, which means what it says. */
#define EMITS(TYPE, C_TYPE, C_ARRAY, TEXT, ...)                                                    \
	do {                                                                                       \
		static const C_TYPE compiled C_ARRAY = __VA_ARGS__;                                \
		C_TYPE parsed C_ARRAY;                                                             \
		char given[] = TEXT;                                                               \
		memset(&parsed, 0, sizeof(parsed));                                                \
		const struct key key = {                                                           \
			.type = &key_##TYPE, .value = &parsed, .info = "embedded|tar|fat"};        \
		assert_int_equal(emit(&key, TEXT), OK);                                            \
		assert_string_equal(out, #__VA_ARGS__);                                            \
		assert_string_equal(key_type_info_of(&key_##TYPE)->c_type, #C_TYPE);               \
		assert_string_equal(key_type_info_of(&key_##TYPE)->c_array, #C_ARRAY);             \
		assert_string_equal(key_type_info_of(&key_##TYPE)->symbol, "key_" #TYPE);          \
		assert_int_equal(key_type_info_of(&key_##TYPE)->bytes, sizeof(parsed));            \
		assert_int_equal(key.type->parse(&key, given), OK);                                \
		assert_memory_equal(&parsed, &compiled, sizeof(parsed));                           \
	} while (0)

static void values_become_c(void **state)
{
	(void)state;
	EMITS(int, int64_t, , "-5", -5);
	EMITS(int, int64_t, , "9223372036854775807", 9223372036854775807);
	EMITS(u16, uint16_t, , "80", 80);
	EMITS(u32, uint32_t, , "4294967295", 4294967295u);
	EMITS(size, uint64_t, , "16M", 16777216ull);
	EMITS(size, uint64_t, , "18446744073709551615", 18446744073709551615ull);
	EMITS(duration, uint64_t, , "5min", 300000000ull);
	EMITS(enum, unsigned, , "fat", 2);
	EMITS(ipv4, uint32_t, , "10.0.2.15", 0x0a00020f);
	EMITS(ipv4_prefix, struct ipv4_prefix, , "10.0.2.15/24", {.addr = 0x0a00020f, .bits = 24});
	EMITS(ipv4_route, struct ipv4_route, , "10.1.0.0/16:10.0.2.9",
	      {.dst = {.addr = 0x0a010000, .bits = 16}, .gateway = 0x0a000209});
	EMITS(ipv4_port, struct key_ipv4_port, , "10.0.2.2:7", {.addr = 0x0a000202, .port = 7});
	EMITS(ipv6, struct ip_addr, , "fd00::2",
	      {.word = {0x000000fd, 0x00000000, 0x00000000, 0x02000000}});
	EMITS(ipv6_prefix, struct ipv6_prefix, , "2001:db8::/128",
	      {.addr = {.word = {0xb80d0120, 0x00000000, 0x00000000, 0x00000000}}, .bits = 128});
	EMITS(ipv6_auto, struct ipv6_prefix, , "fd00::2/64",
	      {.addr = {.word = {0x000000fd, 0x00000000, 0x00000000, 0x02000000}}, .bits = 64});
	EMITS(ipv6_auto, struct ipv6_prefix, , "auto",
	      {.addr = {.word = {0x00000000, 0x00000000, 0x00000000, 0x00000000}}, .bits = 0});
	EMITS(ip, struct ip_addr, , "10.0.2.15",
	      {.word = {0x00000000, 0x00000000, 0xffff0000, 0x0f02000a}});
	EMITS(ip, struct ip_addr, , "fd00::2",
	      {.word = {0x000000fd, 0x00000000, 0x00000000, 0x02000000}});
	EMITS(mac, uint8_t, [6], "52:54:00:AB:CD:EF", {0x52, 0x54, 0x00, 0xab, 0xcd, 0xef});
}

static void the_least_number_becomes_c(void **state)
{
	const struct key key = {.type = &key_int};
	(void)state;
	assert_int_equal(emit(&key, "-9223372036854775808"), OK);
	assert_string_equal(out, "INT64_MIN");
}

static void texts_are_escaped(void **state)
{
	static const struct {
		const char *text, *c;
	} cases[] = {
#define CASE(STRING) {STRING, #STRING}
		CASE(""),           CASE("world"), CASE("two words\n"),
		CASE("a \"b\" \\"), CASE("\?\?/"), CASE("\0011\011\177\342\200\246"),
#undef CASE
	};
	const struct key key = {.type = &key_string};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(emit(&key, cases[i].text), OK);
		assert_string_equal(out, cases[i].c);
	}
}

static void switches_become_c(void **state)
{
	const struct key key = {.type = &key_bool};
	(void)state;
	assert_int_equal(emit(&key, "on"), OK);
	assert_string_equal(out, "true");
	assert_int_equal(emit(&key, "true"), OK);
	assert_string_equal(out, "true");
	assert_int_equal(emit(&key, "off"), OK);
	assert_string_equal(out, "false");
	assert_int_equal(emit(&key, "false"), OK);
	assert_string_equal(out, "false");
	assert_int_equal(emit(&key, "1"), ERR_INVALID);
	assert_int_equal(emit(&key, ""), ERR_INVALID);
}

static void bad_defaults_are_refused(void **state)
{
	const struct key key = {.type = &key_u16, .limits = KEY_LIMITS(1, 9)};
	char given[] = "10", why[60];
	(void)state;
	assert_int_equal(emit(&key, given), ERR_RANGE);
	args_explain(&key, given, why, sizeof(why));
	assert_string_equal(why, "expected a number from 1 to 9");
	assert_int_equal(emit(&key, "x"), ERR_INVALID);
}

static const struct key_list_info dns_list = {
	.type = &key_ipv4, .item_bytes = sizeof(uint32_t), .items_max = 3};
static const struct key dns_key = {.name = "dns", .type = &key_list, .info = &dns_list};

static void lists_become_c(void **state)
{
	static const struct key_list_info names = {
		.type = &key_string, .item_bytes = sizeof(const char *), .items_max = 2};
	static const struct key name_key = {.type = &key_list, .info = &names};
	static const struct key_list_info macs = {
		.type = &key_mac, .item_bytes = 6, .items_max = 2};
	static const struct key mac_key = {.type = &key_list, .info = &macs};
	unsigned n;
	(void)state;
	assert_int_equal(key_list_emit(&dns_key, "10.0.2.3,1.1.1.1", out, sizeof(out), &n), OK);
	assert_string_equal(out, "{0x0a000203, 0x01010101}");
	assert_int_equal(n, 2);
	assert_int_equal(key_list_emit(&dns_key, "", out, sizeof(out), &n), OK);
	assert_string_equal(out, "{0}");
	assert_int_equal(n, 0);
	assert_int_equal(emit(&name_key, "a \"b\",c"), OK);
	assert_string_equal(out, "{\"a \\\"b\\\"\", \"c\"}");
	assert_int_equal(emit(&mac_key, "02:00:00:00:00:01,02:00:00:00:00:02"), OK);
	assert_string_equal(out, "{{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}, "
				 "{0x02, 0x00, 0x00, 0x00, 0x00, 0x02}}");
	assert_int_equal(emit(&dns_key, "10.0.2.3,x"), ERR_INVALID);
	assert_int_equal(emit(&dns_key, "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1"), ERR_RANGE);
}

static void too_little_room_is_an_error(void **state)
{
	static const struct key name_key = {.type = &key_string};
	static const struct key flag = {.type = &key_bool};
	static const struct {
		const struct key *key;
		const char *text;
		size_t bytes; /* that just suffice */
	} cases[] = {
		{&dns_key, "10.0.2.3,1.1.1.1", sizeof("{0x0a000203, 0x01010101}")},
		{&dns_key, "", sizeof("{0}")},
		{&name_key, "a\"\n\t", sizeof("\"a\\\"\\n\\011\"")},
		{&flag, "off", sizeof("false")},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct key *key = cases[i].key;
		for (size_t bytes = 1; bytes <= cases[i].bytes; bytes++) {
			char *small = malloc(bytes);
			assert_non_null(small);
			enum err e =
				key_type_info_of(key->type)->emit(key, cases[i].text, small, bytes);
			assert_int_equal(e, bytes < cases[i].bytes ? ERR_NOMEM : OK);
			free(small);
		}
	}
}

static void types_have_names(void **state)
{
	size_t n = 0;
	(void)state;
	for (const struct key_type_info *info; (info = key_type_info_at(n)) != NULL; n++) {
		assert_ptr_equal(key_type_by_name(info->name), info->type);
		assert_ptr_equal(key_type_info_of(info->type), info);
		assert_true(info->bytes <= KEY_LIST_ITEM_BYTES_MAX && info->emit != NULL);
	}
	assert_int_equal(n, 18);
	assert_null(key_type_by_name("u8"));
	assert_null(key_type_by_name(""));
	assert_null(key_type_info_of(&key_log));
}

static void keys_are_checked(void **state)
{
	static const struct key_list_info of_lists = {
		.type = &key_list, .item_bytes = sizeof(struct key_list), .items_max = 2};
	static const struct key_list_info none = {.type = &key_ipv4, .item_bytes = 4};
	static const struct key_list_info wrong = {
		.type = &key_ipv4, .item_bytes = 8, .items_max = 2};
	static const struct key_list_info numbers = {
		.type = &key_u16, .item_bytes = 2, .items_max = 2};
	const struct {
		struct key key;
		const char *said; /* NULL: nothing */
	} cases[] = {
		{{.name = "a-1", .type = &key_u16, .limits = KEY_LIMITS(1, 65535)}, NULL},
		{{.name = "a", .type = &key_int, .limits = KEY_LIMITS((uint64_t)-5, 5)}, NULL},
		{{.name = "a", .type = &key_enum, .info = "tar"}, NULL},
		{{.name = "a", .type = &key_enum, .info = "tar|ta|tart"}, NULL},
		{{.name = "a", .type = &key_list, .info = &numbers, .limits = KEY_LIMITS(0, 9)},
		 NULL},
		{{.name = "", .type = &key_u16},
		 "the name \"\" is not made of small letters, digits and '-', beginning with a "
		 "letter"},
		{{.name = "a_b", .type = &key_u16},
		 "the name \"a_b\" is not made of small letters, digits and '-', beginning with a "
		 "letter"},
		{{.name = "1a", .type = &key_u16},
		 "the name \"1a\" is not made of small letters, digits and '-', beginning with a "
		 "letter"},
		{{.name = "no-x", .type = &key_bool},
		 "the name begins with \"no-\", which turns a switch off"},
		{{.name = "help", .type = &key_bool}, "--help is there already"},
		{{.name = "a", .type = &key_log}, "the type is not known"},
		{{.name = "a", .type = &key_u16, .limits = KEY_LIMITS(0, 70000)},
		 "max 70000 is over 65535"},
		{{.name = "a", .type = &key_u16, .limits = KEY_LIMITS(9, 3)},
		 "min 9 is over max 3"},
		{{.name = "a", .type = &key_int, .limits = KEY_LIMITS(1, (uint64_t)-1)},
		 "min 1 is over max -1"},
		{{.name = "a", .type = &key_mac, .limits = KEY_LIMITS(0, 1)},
		 "min and max are for numbers, not for mac"},
		{{.name = "a", .type = &key_enum}, "there are no words to choose from"},
		{{.name = "a", .type = &key_enum, .info = "a||b"},
		 "the word \"\" is empty, or holds a space, comma or quote"},
		{{.name = "a", .type = &key_enum, .info = "b|"},
		 "the word \"\" is empty, or holds a space, comma or quote"},
		{{.name = "a", .type = &key_enum, .info = "b|c d"},
		 "the word \"c d\" is empty, or holds a space, comma or quote"},
		{{.name = "a", .type = &key_enum, .info = "ab|c|ab"},
		 "the word \"ab\" is there twice"},
		{{.name = "a", .type = &key_list}, "the type of the list's elements is not known"},
		{{.name = "a", .type = &key_list, .info = &of_lists},
		 "a list cannot have elements of type list"},
		{{.name = "a", .type = &key_list, .info = &none},
		 "the list has room for no element"},
		{{.name = "a", .type = &key_list, .info = &wrong}, "an element has 4 bytes, not 8"},
		{{.name = "a", .type = &key_list, .info = &numbers, .limits = KEY_LIMITS(0, 70000)},
		 "max 70000 is over 65535"},
	};
	char said[120];
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum err e = key_check(&cases[i].key, said, sizeof(said));
		if (cases[i].said != NULL)
			assert_string_equal(said, cases[i].said);
		assert_int_equal(e, cases[i].said != NULL ? ERR_INVALID : OK);
	}
}

int args_types(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_become_c),
		cmocka_unit_test(the_least_number_becomes_c),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(switches_become_c),
		cmocka_unit_test(bad_defaults_are_refused),
		cmocka_unit_test(lists_become_c),
		cmocka_unit_test(too_little_room_is_an_error),
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(keys_are_checked),
	};
	return cmocka_run_group_tests_name("args types", tests, NULL, NULL);
}
