/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/args/keys.h"

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
		{"--age=50us", &age_us, 50},
		{"--age=0s", &age_us, 0},
		{"--age=5min", &age_us, 300000000},
		{"--age=1h", &age_us, 3600000000},
		{"--age=007s", &age_us, 7000000},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text), OK);
		assert_true(*cases[i].value == cases[i].expected);
	}
}

static void whole_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t expected;
	} cases[] = {
		{"--offset=0", 0},
		{"--offset=-0", 0},
		{"--offset=42", 42},
		{"--offset=-42", -42},
		{"--offset=9223372036854775807", INT64_MAX},
		{"--offset=-9223372036854775808", INT64_MIN},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text), OK);
		assert_true(offset == cases[i].expected);
	}
	assert_int_equal(parse("--level=-20"), OK);
	assert_int_equal(level, -20);
	assert_int_equal(parse("--level=5"), OK);
	assert_int_equal(level, 5);
}

static void a_range_beyond_the_type_is_the_type(void **state)
{
	const struct key keys[] = {
		{.name = "port", .type = &key_u16, .value = &port, .limits = KEY_LIMITS(0, 70000)},
		{0}};
	const struct key *const only[] = {keys, NULL};
	char given[] = "--port=65536";
	(void)state;
	assert_int_equal(args_parse(given, only, message, sizeof(message)), ERR_RANGE);
	assert_string_equal(message, "--port=65536: expected a number from 0 to 65535");
}

static void addresses(void **state)
{
	static const struct ip_addr expected = {{0x000000fd, 0, 0, 0x02000000}};
	static const uint8_t upper_mac[6] = {0xae, 0xbc, 0xcd, 0xde, 0xef, 0xf0};
	(void)state;
	assert_int_equal(parse("--ipv6=FD00::2 --net6=fd00::2/0 --ipv4=10.0.2.15/0 "
			       "--mac=AE:BC:CD:DE:EF:F0"),
			 OK);
	assert_memory_equal(&address6, &expected, sizeof(expected));
	assert_memory_equal(&prefix6.addr, &expected, sizeof(expected));
	assert_int_equal(prefix6.bits, 0);
	assert_int_equal(address.bits, 0);
	assert_memory_equal(mac, upper_mac, 6);
	assert_int_equal(parse("--route=192.168.0.0/16:0.0.0.0"), OK);
	assert_int_equal(route.dst.addr, 0xc0a80000);
	assert_int_equal(route.dst.bits, 16);
	assert_int_equal(route.gateway, 0);
	assert_int_equal(parse("--peer=0.0.0.0:0"), OK);
	assert_int_equal(peer.addr, 0);
	assert_int_equal(peer.port, 0);
	assert_int_equal(parse("--net6=::/128"), OK);
	assert_int_equal(prefix6.bits, 128);
}

static void words(void **state)
{
	static const char *const given[] = {"--store=embedded", "--store=tar", "--store=fat"};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(given); i++) {
		assert_int_equal(parse(given[i]), OK);
		assert_int_equal(store, i);
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

static void values_before_a_fault_stay(void **state)
{
	(void)state;
	assert_int_equal(parse("--port=5 --count=100"), ERR_RANGE);
	assert_int_equal(port, 5);
	assert_int_equal(count, 3);
}

int args_values(void)
{
	const struct CMUnitTest tests[] = {
		ARGS_TEST(values_of_every_type),
		ARGS_TEST(units),
		ARGS_TEST(whole_numbers),
		ARGS_TEST(a_range_beyond_the_type_is_the_type),
		ARGS_TEST(addresses),
		ARGS_TEST(words),
		ARGS_TEST(quotes_and_white_space),
		ARGS_TEST(words_of_loaders_are_ignored),
		ARGS_TEST(values_before_a_fault_stay),
	};
	return cmocka_run_group_tests_name("args values", tests, NULL, NULL);
}
