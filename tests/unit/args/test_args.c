/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/args.h"
#include "runtime/log.h"
#include "tests/fakes/console.h"

static bool verbose, cache;
static uint16_t port, any16;
static uint32_t count;
static uint64_t size, wait_us, plain_size;
static const char *name;
static uint32_t gateway;
static struct ipv4_prefix address;
static struct key_ipv4_port peer;
static uint8_t mac[6];
static char log_text[40];

enum err log_configure(const char *text)
{
	if (strcmp(text, "bad") == 0)
		return ERR_INVALID;
	strncpy(log_text, text, sizeof(log_text) - 1);
	return OK;
}

static const struct key app_keys[] = {
	{"verbose", &key_bool, &verbose, 0, 0, "say more"},
	{"cache", &key_bool, &cache, 0, 0, "keep pages"},
	{"port", &key_u16, &port, 1, 65535, "TCP port to serve on"},
	{"any", &key_u16, &any16, 0, 0, "any number"},
	{"count", &key_u32, &count, 3, 9, "how many"},
	{"size", &key_size, &size, 64 << 10, 16 << 20, "buffer"},
	{"room", &key_size, &plain_size, 0, 0, "room"},
	{"wait", &key_duration, &wait_us, 1000, 10000000, "patience"},
	{"name", &key_string, &name, 0, 0, "whom to greet"},
	{0},
};

static const struct key net_keys[] = {
	{"gateway", &key_ipv4, &gateway, 0, 0, "router"},
	{"ipv4", &key_ipv4_prefix, &address, 0, 0, "our address"},
	{"peer", &key_ipv4_port, &peer, 0, 0, "the other side"},
	{"mac", &key_mac, mac, 0, 0, "station address"},
	{"log", &key_log, NULL, 0, 0, "log levels"},
	{0},
};

static const struct key *const tables[] = {app_keys, net_keys, NULL};

static char *text; /* of the last parse; strings point into it */
static char message[160];

static int start_over(void **state)
{
	static const uint8_t default_mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	(void)state;
	verbose = false;
	cache = true;
	port = 80;
	any16 = 0;
	count = 3;
	size = 64 << 10;
	plain_size = 5;
	wait_us = 3000000;
	name = "world";
	gateway = 0;
	address = (struct ipv4_prefix){0x0a00020f, 24};
	peer = (struct key_ipv4_port){0x0a000202, 7};
	memcpy(mac, default_mac, sizeof(mac));
	fake_console_clear();
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

/* Parses a copy that is just as long as it must be, so that the sanitizer sees a step too far. */
static enum err parse(const char *given)
{
	free(text);
	text = strdup(given);
	memset(message, 0, sizeof(message));
	return args_parse(text, tables, message, sizeof(message));
}

static void values_of_every_type(void **state)
{
	static const uint8_t new_mac[6] = {0x02, 0xab, 0xcd, 0xef, 0x01, 0x23};
	(void)state;
	assert_int_equal(parse("--verbose --no-cache --port=8080 --any=0 --count=9 --size=16M "
			       "--room=3 --wait=10ms --name=x --gateway=10.0.2.2 "
			       "--ipv4=192.168.1.2/16 --peer=1.2.3.4:65535 "
			       "--mac=02:AB:cd:ef:01:23 --log=tcp:debug,*:info"),
			 OK);
	assert_true(verbose);
	assert_false(cache);
	assert_int_equal(port, 8080);
	assert_int_equal(any16, 0);
	assert_int_equal(count, 9);
	assert_int_equal(size, 16 << 20);
	assert_int_equal(plain_size, 3);
	assert_int_equal(wait_us, 10000);
	assert_string_equal(name, "x");
	assert_int_equal(gateway, 0x0a000202);
	assert_int_equal(address.addr, 0xc0a80102);
	assert_int_equal(address.bits, 16);
	assert_int_equal(peer.addr, 0x01020304);
	assert_int_equal(peer.port, 65535);
	assert_memory_equal(mac, new_mac, 6);
	assert_string_equal(log_text, "tcp:debug,*:info");
}

static void units(void **state)
{
	static const struct {
		const char *text;
		const uint64_t *value;
		uint64_t expected;
	} cases[] = {
		{"--wait=1000us", &wait_us, 1000},
		{"--wait=1ms", &wait_us, 1000},
		{"--wait=3s", &wait_us, 3000000},
		{"--room=0", &plain_size, 0},
		{"--room=7k", &plain_size, 7168},
		{"--room=7K", &plain_size, 7168},
		{"--room=2M", &plain_size, 2097152},
		{"--room=3G", &plain_size, 3221225472},
		{"--room=18446744073709551615", &plain_size, UINT64_MAX},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text), OK);
		assert_true(*cases[i].value == cases[i].expected);
	}
}

static void quotes_and_white_space(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"--name=\"two words\"", "two words"},
		{"\"--name=two words\"", "two words"},
		{" \t\r\n --name=x \n", "x"},
		{"--name=\"\"", ""},
		{"--name=", ""},
		{"--name=a=b", "a=b"},
		{"--name=it\"s", "it\"s"},
		{"--name=\"--port=1\" --port=2", "--port=1"},
		{"--name=first --name=last", "last"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text), OK);
		assert_string_equal(name, cases[i].expected);
	}
	assert_int_equal(port, 2);
	assert_int_equal(parse(""), OK);
	assert_int_equal(parse("  "), OK);
}

static void words_of_loaders_are_ignored(void **state)
{
	(void)state;
	assert_int_equal(parse("console=ttyS0 reboot=k panic=1 pci=off root=/dev/vda rw "
			       "virtio_mmio.device=4K@0xd0000000:5 --port=81 quiet "
			       "BOOT_IMAGE=/boot/x 8250.nr_uarts=1 bcm2708_fb.fbwidth=0"),
			 OK);
	assert_int_equal(port, 81);
}

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
		 "--wait=3: expected a duration such as 10ms or 3s from 1ms to 10s"},
		{"--wait=1h", ERR_RANGE,
		 "--wait=1h: expected a duration such as 10ms or 3s from 1ms to 10s"},
		{"--gateway=10.0.2", ERR_INVALID,
		 "--gateway=10.0.2: expected an address such as 10.0.2.2"},
		{"--ipv4=10.0.2.15", ERR_INVALID,
		 "--ipv4=10.0.2.15: expected an address and prefix length such as 10.0.2.15/24"},
		{"--ipv4=10.0.2.15/33", ERR_RANGE,
		 "--ipv4=10.0.2.15/33: expected an address and prefix length such as 10.0.2.15/24"},
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
		{"--prot=80", ERR_INVALID, "--prot: unknown argument (did you mean --port?)"},
		{"--verbos", ERR_INVALID, "--verbos: unknown argument (did you mean --verbose?)"},
		{"--elephant=1", ERR_INVALID, "--elephant: unknown argument"},
		{"--no-elephant", ERR_INVALID, "--no-elephant: unknown argument"},
		{"--=3", ERR_INVALID, "--: unknown argument"},
		{"--port", ERR_INVALID, "--port: a value is missing, as in --port=VALUE"},
		{"--no-port", ERR_INVALID, "--no-port: only a switch can be turned off"},
		{"--verbose=1", ERR_INVALID,
		 "--verbose=1: takes no value; say --verbose or --no-verbose"},
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

static void values_before_a_fault_stay(void **state)
{
	(void)state;
	assert_int_equal(parse("--port=5 --count=100"), ERR_RANGE);
	assert_int_equal(port, 5);
	assert_int_equal(count, 3);
}

static void help_is_aligned_and_complete(void **state)
{
	(void)state;
	args_print_help(tables);
	assert_string_equal(
		fake_console_text,
		"Arguments:\r\n"
		"  --verbose                 say more (default off)\r\n"
		"  --cache                   keep pages (default on)\r\n"
		"  --port=NUMBER             TCP port to serve on (default 80)\r\n"
		"  --any=NUMBER              any number (default 0)\r\n"
		"  --count=NUMBER            how many (default 3)\r\n"
		"  --size=SIZE               buffer (default 64k)\r\n"
		"  --room=SIZE               room (default 5)\r\n"
		"  --wait=TIME               patience (default 3s)\r\n"
		"  --name=TEXT               whom to greet (default world)\r\n"
		"  --gateway=A.B.C.D         router\r\n"
		"  --ipv4=A.B.C.D/BITS       our address (default 10.0.2.15/24)\r\n"
		"  --peer=A.B.C.D:PORT       the other side (default 10.0.2.2:7)\r\n"
		"  --mac=MAC                 station address (default 52:54:00:12:34:56)\r\n"
		"  --log=MODULE:LEVEL        log levels\r\n"
		"  --help                    print this list\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_of_every_type, start_over, end),
		cmocka_unit_test_setup_teardown(units, start_over, end),
		cmocka_unit_test_setup_teardown(quotes_and_white_space, start_over, end),
		cmocka_unit_test_setup_teardown(words_of_loaders_are_ignored, start_over, end),
		cmocka_unit_test_setup_teardown(faults_are_explained, start_over, end),
		cmocka_unit_test_setup_teardown(a_long_word_is_shown_cut, start_over, end),
		cmocka_unit_test_setup_teardown(values_before_a_fault_stay, start_over, end),
		cmocka_unit_test_setup_teardown(help_is_aligned_and_complete, start_over, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
