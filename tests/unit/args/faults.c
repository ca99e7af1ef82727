/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/args/keys.h"

#define ROUTE "a network and the router to it such as 10.1.0.0/16:10.0.2.9"

static void faults_are_explained(void **state)
{
	static const struct {
		const char *text;
		enum err e;
		const char *message;
	} cases[] = {
		{"--port=99999", ERR_RANGE, "--port=99999: expected a number from 1 to 65535"},
		{"--port=0", ERR_RANGE, "--port=0: expected a number from 1 to 65535"},
		{"--port=", ERR_INVALID, "--port=: expected a number from 1 to 65535"},
		{"--port=80x", ERR_INVALID, "--port=80x: expected a number from 1 to 65535"},
		{"--port=-1", ERR_INVALID, "--port=-1: expected a number from 1 to 65535"},
		{"--port=99999999999999999999", ERR_INVALID,
		 "--port=99999999999999999999: expected a number from 1 to 65535"},
		{"--port=\"8 0\"", ERR_INVALID, "--port=8 0: expected a number from 1 to 65535"},
		{"--any=65536", ERR_RANGE, "--any=65536: expected a number from 0 to 65535"},
		{"--count=2", ERR_RANGE, "--count=2: expected a number from 3 to 9"},
		{"--size=1k", ERR_RANGE,
		 "--size=1k: expected a size such as 64k or 16M from 64k to 16M"},
		{"--size=1T", ERR_INVALID,
		 "--size=1T: expected a size such as 64k or 16M from 64k to 16M"},
		{"--room=99999999999G", ERR_INVALID,
		 "--room=99999999999G: expected a size such as 64k or 16M"},
		{"--wait=3", ERR_INVALID,
		 "--wait=3: expected a duration such as 10ms, 3s or 5min from 1ms to 10s"},
		{"--wait=1h", ERR_RANGE,
		 "--wait=1h: expected a duration such as 10ms, 3s or 5min from 1ms to 10s"},
		{"--gateway=10.0.2", ERR_INVALID,
		 "--gateway=10.0.2: expected an address such as 10.0.2.2"},
		{"--ipv4=10.0.2.15", ERR_INVALID,
		 "--ipv4=10.0.2.15: expected an address and prefix length such as 10.0.2.15/24"},
		{"--ipv4=10.0.2.15/33", ERR_RANGE,
		 "--ipv4=10.0.2.15/33: expected an address and prefix length such as 10.0.2.15/24"},
		{"--route=10.1.0.0/16", ERR_INVALID, "--route=10.1.0.0/16: expected " ROUTE},
		{"--route=10.1.0.0:10.0.2.9", ERR_INVALID,
		 "--route=10.1.0.0:10.0.2.9: expected " ROUTE},
		{"--route=10.1.2.0/16:10.0.2.9", ERR_INVALID,
		 "--route=10.1.2.0/16:10.0.2.9: expected " ROUTE},
		{"--route=10.1.0.0/33:10.0.2.9", ERR_RANGE,
		 "--route=10.1.0.0/33:10.0.2.9: expected " ROUTE},
		{"--route=1111111111111111111/1:10.0.2.9", ERR_INVALID,
		 "--route=1111111111111111111/1:10.0.2.9: expected " ROUTE},
		{"--peer=10.0.2.2", ERR_INVALID,
		 "--peer=10.0.2.2: expected an address and port such as 10.0.2.2:7"},
		{"--peer=10.0.2.2:0", ERR_RANGE,
		 "--peer=10.0.2.2:0: expected an address and port such as 10.0.2.2:7"},
		{"--peer=10.0.2.2:65536", ERR_RANGE,
		 "--peer=10.0.2.2:65536: expected an address and port such as 10.0.2.2:7"},
		{"--peer=1111111111111111111:7", ERR_INVALID,
		 "--peer=1111111111111111111:7: expected an address and port such as 10.0.2.2:7"},
		{"--mac=52:54:00:12:34", ERR_INVALID,
		 "--mac=52:54:00:12:34: expected the address of one station, such as "
		 "52:54:00:12:34:56"},
		{"--mac=01:54:00:12:34:56", ERR_RANGE,
		 "--mac=01:54:00:12:34:56: expected the address of one station, such as "
		 "52:54:00:12:34:56"},
		{"--log=bad", ERR_INVALID,
		 "--log=bad: expected levels off, error, warn, info, debug, such as "
		 "tcp:debug,*:info"},
		{"--wait=0", ERR_INVALID,
		 "--wait=0: expected a duration such as 10ms, 3s or 5min from 1ms to 10s"},
		{"--wait=\"3 s\"", ERR_INVALID,
		 "--wait=3 s: expected a duration such as 10ms, 3s or 5min from 1ms to 10s"},
		{"--mac=52-54-00-12-34-56", ERR_INVALID,
		 "--mac=52-54-00-12-34-56: expected the address of one station, such as "
		 "52:54:00:12:34:56"},
		{"--port=+80", ERR_INVALID, "--port=+80: expected a number from 1 to 65535"},
		{"--port=\" 80\"", ERR_INVALID, "--port= 80: expected a number from 1 to 65535"},
		{"--never=5", ERR_RANGE, "--never=5: expected a number from 9 to 3"},
		{"--offset=+1", ERR_INVALID, "--offset=+1: expected a whole number"},
		{"--offset=--1", ERR_INVALID, "--offset=--1: expected a whole number"},
		{"--offset=-", ERR_INVALID, "--offset=-: expected a whole number"},
		{"--offset=", ERR_INVALID, "--offset=: expected a whole number"},
		{"--offset=9223372036854775808", ERR_RANGE,
		 "--offset=9223372036854775808: expected a whole number"},
		{"--offset=-9223372036854775809", ERR_RANGE,
		 "--offset=-9223372036854775809: expected a whole number"},
		{"--level=6", ERR_RANGE, "--level=6: expected a whole number from -20 to 5"},
		{"--level=-21", ERR_RANGE, "--level=-21: expected a whole number from -20 to 5"},
		{"--ipv6=1::2::3", ERR_INVALID,
		 "--ipv6=1::2::3: expected an IPv6 address such as fd00::2"},
		{"--ipv6=fe80::1%eth0", ERR_INVALID,
		 "--ipv6=fe80::1%eth0: expected an IPv6 address such as fd00::2"},
		{"--net6=fd00::2/129", ERR_RANGE,
		 "--net6=fd00::2/129: expected an IPv6 address and prefix length such as "
		 "fd00::2/64"},
		{"--net6=fd00::2", ERR_INVALID,
		 "--net6=fd00::2: expected an IPv6 address and prefix length such as fd00::2/64"},
		{"--store=disk", ERR_INVALID, "--store=disk: expected one of embedded, tar, fat"},
		{"--store=", ERR_INVALID, "--store=: expected one of embedded, tar, fat"},
		{"--store=ta", ERR_INVALID, "--store=ta: expected one of embedded, tar, fat"},
		{"--store=tar|fat", ERR_INVALID,
		 "--store=tar|fat: expected one of embedded, tar, fat"},
		{"--store=TAR", ERR_INVALID, "--store=TAR: expected one of embedded, tar, fat"},
		{"--servers=10.0.2.3,fd00::2,10.0.2.3.4", ERR_INVALID,
		 "--servers=10.0.2.3,fd00::2,10.0.2.3.4: element 3: expected an address such as "
		 "10.0.2.2 or fd00::2"},
		{"--servers=fd00::2%1", ERR_INVALID,
		 "--servers=fd00::2%1: element 1: expected an address such as 10.0.2.2 or fd00::2"},
		{"--servers=[fd00::2]", ERR_INVALID,
		 "--servers=[fd00::2]: element 1: expected an address such as 10.0.2.2 or fd00::2"},
		{"--servers=fd00::2,,", ERR_INVALID,
		 "--servers=fd00::2,,: element 2: expected an address such as 10.0.2.2 or fd00::2"},
		{"--servers=::1,::2,::3,::4,::5", ERR_RANGE,
		 "--servers=::1,::2,::3,::4,::5: element 5: expected 4 at most"},
		{"--dns=10.0.2.3,x", ERR_INVALID,
		 "--dns=10.0.2.3,x: element 2: expected an address such as 10.0.2.2"},
		{"--dns=10.0.2.3,", ERR_INVALID,
		 "--dns=10.0.2.3,: element 2: expected an address such as 10.0.2.2"},
		{"--dns=,", ERR_INVALID,
		 "--dns=,: element 1: expected an address such as 10.0.2.2"},
		{"--dns=1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4", ERR_RANGE,
		 "--dns=1.2.3.4,1.2.3.4,1.2.3.4,1.2.3.4: element 4: expected 3 at most"},
		{"--ports=1,2,1001", ERR_RANGE,
		 "--ports=1,2,1001: element 3: expected a number from 1 to 1000"},
		{"--ports=\"1, 2\"", ERR_INVALID,
		 "--ports=1, 2: element 2: expected a number from 1 to 1000"},
		{"--stores=fat,embedded", ERR_INVALID,
		 "--stores=fat,embedded: element 2: expected one of tar, fat"},
		{"--prot=80", ERR_INVALID, "--prot: unknown argument (did you mean --port?)"},
		{"--gatway=1.2.3.4", ERR_INVALID,
		 "--gatway: unknown argument (did you mean --gateway?)"},
		{"--Port=80", ERR_INVALID, "--Port: unknown argument (did you mean --port?)"},
		{"--no-verbos", ERR_INVALID, "--no-verbos: unknown argument"},
		{"--help=1", ERR_INVALID, "--help: unknown argument"},
		{"10.0.2.2", ERR_INVALID, "10.0.2.2: an argument begins with --"},
		{"console.x", ERR_INVALID, "console.x: an argument begins with --"},
		{"=a.b", ERR_INVALID, "=a.b: an argument begins with --"},
		{"name=a.b", ERR_INVALID, "name=a.b: an argument begins with --"},
		{"--verbos", ERR_INVALID, "--verbos: unknown argument (did you mean --verbose?)"},
		{"--elephant=1", ERR_INVALID, "--elephant: unknown argument"},
		{"--no-elephant", ERR_INVALID, "--no-elephant: unknown argument"},
		{"--=3", ERR_INVALID, "--: unknown argument"},
		{"--port", ERR_INVALID, "--port: a value is missing; say --NAME=VALUE"},
		{"--no-port", ERR_INVALID, "--no-port: only a switch can be turned off"},
		{"--verbose=1", ERR_INVALID, "--verbose: takes no value; say --NAME or --no-NAME"},
		{"port=80", ERR_INVALID, "port=80: an argument begins with --"},
		{"-p", ERR_INVALID, "-p: an argument begins with --"},
		{"--", ERR_INVALID, "--: an argument begins with --"},
		{"\"\"", ERR_INVALID, ": an argument begins with --"},
		{"rooted", ERR_INVALID, "rooted: an argument begins with --"},
		{"--name=\"half", ERR_INVALID,
		 "--name=\"half: a quote has no partner, or text follows it"},
		{"--name=\"a\"b", ERR_INVALID,
		 "--name=\"a\"b: a quote has no partner, or text follows it"},
		{"\"--name=a", ERR_INVALID,
		 "\"--name=a: a quote has no partner, or text follows it"},
		{"--help", ERR_EOF, ""},
		{"--port=1 --help", ERR_EOF, ""},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum err e = parse(cases[i].text);
		assert_string_equal(message, cases[i].message);
		assert_int_equal(e, cases[i].e);
	}
}

static void a_long_word_is_shown_cut(void **state)
{
	char word[3000];
	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	memcpy(word, "--", 2);
	assert_int_equal(parse(word), ERR_INVALID);
	assert_true(strlen(message) < 80);
	memcpy(word, "--port=", 7);
	assert_int_equal(parse(word), ERR_INVALID);
	assert_non_null(strstr(message, "expected a number from 1 to 65535"));
}

static void a_small_message_is_cut(void **state)
{
	(void)state;
	for (size_t bytes = 1; bytes < 60; bytes++) {
		char given[] = "--ports=1,2,x";
		char *small = malloc(bytes);
		assert_non_null(small);
		assert_int_equal(args_parse(given, tables, small, bytes), ERR_INVALID);
		assert_true(strlen(small) < bytes);
		free(small);
	}
}

int args_faults(void)
{
	const struct CMUnitTest tests[] = {
		ARGS_TEST(faults_are_explained),
		ARGS_TEST(a_long_word_is_shown_cut),
		ARGS_TEST(a_small_message_is_cut),
	};
	return cmocka_run_group_tests_name("args faults", tests, NULL, NULL);
}
