/* SPDX-License-Identifier: ISC */
/*
 * The text of IPv6 addresses: what RFC 4291 section 2.2 allows, what RFC 5952 recommends, and the
 * build machine's C library for everything between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "base/attr.h"
#include "base/inet.h"

/* Parses a copy that is just as long as it must be, so that the sanitizer sees a step too far. */
static enum err parse(const char *given, struct ip_addr *a)
{
	char *text = strdup(given);
	enum err e = inet_parse_v6(text, a);
	free(text);
	return e;
}

/* Text, and how it is written. */
static void addresses_are_read_and_written(void **state)
{
	static const char *const cases[][2] = {
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"0:0:0:0:0:0:0:1", "::1"},
		{"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
		{"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
		 "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
		{"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
		{"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
		{"1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
		{"fe80::0001", "fe80::1"},
		{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
		{"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
		{"::1.2.3.4", "::102:304"},
		{"::ffff:129.144.52.38", "::ffff:129.144.52.38"},
		{"::FFFF:8190:3426", "::ffff:129.144.52.38"},
		{"::10.0.2.15", "::a00:20f"},
	};
	char text[INET_ADDR_CHARS];
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ip_addr a, again;
		struct in6_addr theirs;
		assert_int_equal(parse(cases[i][0], &a), OK);
		assert_string_equal(inet_format_v6(&a, text), cases[i][1]);
		assert_int_equal(parse(text, &again), OK);
		assert_true(ip_addr_equal(&a, &again));
		assert_int_equal(inet_pton(AF_INET6, cases[i][0], &theirs), 1);
		assert_memory_equal(&a, &theirs, sizeof(a));
	}
}

static const char *const bad_addresses[] = {
	"",
	":",
	":::",
	"::::",
	"1",
	"1:",
	":1",
	"1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:",
	":1:2:3:4:5:6:7:8",
	"1:2:3:4:5:6:7:8:",
	"1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7:8::",
	"::1:2:3:4:5:6:7:8",
	"1:2:3:4::5:6:7:8",
	"1::2::3",
	"::1::",
	"1:::2",
	"12345::",
	"00001::",
	"g::",
	"::g",
	" ::1",
	"::1 ",
	"+1::",
	"-1::",
	"0x1::",
	"::1%eth0",
	"fe80::1%1",
	"[::1]",
	"::1/64",
	"1.2.3.4",
	"::1.2.3",
	"::1.2.3.4.5",
	"::1.2.3.256",
	"::01.2.3.4",
	"::1.2.3.4:5",
	"1.2.3.4::",
	"::a.2.3.4",
	"::.2.3.4",
	"1:2:3:4:5:6:7:1.2.3.4",
	"1:2:3:4:5:1.2.3.4",
	"1:2:3:4:5:6::1.2.3.4",
};

static void other_texts_are_refused(void **state)
{
	static const struct ip_addr before = {{1, 2, 3, 4}};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_addresses); i++) {
		struct ip_addr a = before;
		struct in6_addr theirs;
		assert_int_equal(parse(bad_addresses[i], &a), ERR_INVALID);
		assert_true(ip_addr_equal(&a, &before));
		assert_int_equal(inet_pton(AF_INET6, bad_addresses[i], &theirs), 0);
	}
}

static void a_long_text_is_refused(void **state)
{
	char text[4000];
	struct ip_addr a;
	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "1:", 3);
	assert_int_equal(parse(text, &a), ERR_INVALID);
	memset(text, '0', sizeof(text) - 1);
	assert_int_equal(parse(text, &a), ERR_INVALID);
}

static void prefixes(void **state)
{
	static const struct ip_addr addr = {{0x000000fd, 0, 0, 0x02000000}};
	static const char *const bad[] = {
		"",
		"fd00::2",
		"fd00::2/",
		"/64",
		"fd00::2/64 ",
		"fd00::2/064",
		"fd00::2/+1",
		"fd00::2/-1",
		"fd00::2 /1",
		"fd00::2//1",
		"fd00::2/6x",
		"fd00::2/64/64",
		"10.0.2.15/24",
		"fe80::1%e/64",
	};
	struct ipv6_prefix p, before;
	(void)state;
	assert_int_equal(inet_parse_v6_prefix("fd00::2/64", &p), OK);
	assert_true(ip_addr_equal(&p.addr, &addr));
	assert_int_equal(p.bits, 64);
	assert_int_equal(inet_parse_v6_prefix("fd00::2/0", &p), OK);
	assert_int_equal(p.bits, 0);
	assert_int_equal(inet_parse_v6_prefix("fd00::2/128", &p), OK);
	assert_int_equal(p.bits, 128);
	before = p;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(inet_parse_v6_prefix(bad[i], &p), ERR_INVALID);
	assert_int_equal(inet_parse_v6_prefix("fd01::2/129", &p), ERR_RANGE);
	assert_int_equal(inet_parse_v6_prefix("fd01::2/99999999999", &p), ERR_RANGE);
	assert_memory_equal(&p.addr, &before.addr, sizeof(p.addr));
	assert_int_equal(p.bits, before.bits);
}

static void ipv4_prefixes(void **state)
{
	struct ipv4_prefix p = {0x01020304, 5};
	(void)state;
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/33", &p), ERR_RANGE);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15", &p), ERR_INVALID);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/", &p), ERR_INVALID);
	assert_int_equal(inet_parse_v4_prefix("10.0.2/24", &p), ERR_INVALID);
	assert_int_equal(p.addr, 0x01020304);
	assert_int_equal(p.bits, 5);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/0", &p), OK);
	assert_int_equal(p.addr, 0x0a00020f);
	assert_int_equal(p.bits, 0);
}

static void a_mapped_address_is_ipv4_in_general_text(void **state)
{
	char text[INET_ADDR_CHARS];
	struct ip_addr a = ip_addr_from_v4(0x0a00020f);
	(void)state;
	assert_string_equal(inet_format(&a, text), "10.0.2.15");
	assert_string_equal(inet_format_v6(&a, text), "::ffff:10.0.2.15");
}

static void either_kind_is_read(void **state)
{
	struct ip_addr a, v6;
	(void)state;
	assert_int_equal(inet_parse("10.0.2.15", &a), OK);
	assert_true(ip_addr_is_v4(&a) && ip_addr_v4(&a) == 0x0a00020f);
	assert_int_equal(inet_parse("fd00::2", &a), OK);
	assert_int_equal(inet_parse_v6("fd00::2", &v6), OK);
	assert_true(ip_addr_equal(&a, &v6));
	assert_int_equal(inet_parse("10.0.2", &a), ERR_INVALID);
	assert_true(ip_addr_equal(&a, &v6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(a_long_text_is_refused),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(ipv4_prefixes),
		cmocka_unit_test(a_mapped_address_is_ipv4_in_general_text),
		cmocka_unit_test(either_kind_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
