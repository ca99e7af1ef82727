/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/console.h"
#include "tests/unit/args/keys.h"

static void lists(void **state)
{
	(void)state;
	assert_int_equal(parse("--dns=1.2.3.4,5.6.7.8,9.9.9.9 --ports=7 --hosts=\"a b,,c\" "
			       "--stores=fat,tar --nets=::/0,fd00::2/8"),
			 OK);
	assert_int_equal(dns.count, 3);
	assert_int_equal(dns_items[0], 0x01020304);
	assert_int_equal(dns_items[2], 0x09090909);
	assert_int_equal(ports.count, 1);
	assert_int_equal(ports_items[0], 7);
	assert_int_equal(hosts.count, 3);
	assert_string_equal(hosts_items[0], "a b");
	assert_string_equal(hosts_items[1], "");
	assert_string_equal(hosts_items[2], "c");
	assert_int_equal(stores_items[0], 1);
	assert_int_equal(stores_items[1], 0);
	assert_int_equal(nets.count, 2);
	assert_int_equal(nets_items[1].bits, 8);
}

static void the_last_of_several_counts(void **state)
{
	(void)state;
	assert_int_equal(parse("--dns=1.2.3.4,5.6.7.8 --port=1 --dns=9.9.9.9 --port=2"), OK);
	assert_int_equal(dns.count, 1);
	assert_int_equal(dns_items[0], 0x09090909);
	assert_int_equal(port, 2);
	assert_int_equal(parse("--dns="), OK);
	assert_int_equal(dns.count, 0);
}

static void a_bad_list_leaves_the_default(void **state)
{
	(void)state;
	assert_int_equal(parse("--dns=1.2.3.4,x"), ERR_INVALID);
	assert_int_equal(dns.count, 1);
	assert_int_equal(dns_items[0], 0x0a000203);
	assert_int_equal(parse("--dns=1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4"), ERR_RANGE);
	assert_int_equal(dns_items[0], 0x0a000203);
}

static void assert_server(unsigned i, const char *expected)
{
	char text[INET_ADDR_CHARS];
	assert_string_equal(inet_format(&servers_items[i], text), expected);
}

static void addresses_of_both_families(void **state)
{
	(void)state;
	assert_int_equal(parse("--servers=FD00::2,10.0.2.3,::ffff:10.0.2.4,::"), OK);
	assert_int_equal(servers.count, 4);
	assert_server(0, "fd00::2");
	assert_server(1, "10.0.2.3");
	assert_server(2, "10.0.2.4");
	assert_server(3, "::");
	args_print_help(tables);
	assert_non_null(strstr(fake_console_text, "fd00::2,10.0.2.3,10.0.2.4,)"));
}

/* What is nearly an address of one family or the other; the second word counts if the first fails.
 */
static void neither_family(void **state)
{
	static const char *const texts[] = {
		"10.0.2",
		"10.0.2.3.4",
		"10.0.2.256",
		"010.0.2.3",
		"10.0.2.3 ",
		"10.0.2.3/24",
		"10.0.2.3:53",
		"1:2:3:4:5:6",
		"1::2::3",
		":",
		":::",
		"12345::",
		"fd00::2%2",
		"[fd00::2]",
		"fd00::2/64",
		"::10.0.2.3.4",
		"::1.2.3.4:5",
		"g::1",
		"1:2:3:4:5:6:7:8:9",
		"-1",
		"0x0a000203",
		"167772675",
		"",
		".",
		"%",
		"1:2:3:4:5:6:7:1.2.3.4",
		"::ffff:10.0.2",
		"fd00:\xc3\xa4::1",
	};
	char word[80];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		snprintf(word, sizeof(word), "--servers=::1,\"%s\",::2", texts[i]);
		assert_int_equal(parse(word), ERR_INVALID);
		assert_int_equal(servers.count, 0);
	}
}

int args_lists(void)
{
	const struct CMUnitTest tests[] = {
		ARGS_TEST(lists),
		ARGS_TEST(addresses_of_both_families),
		ARGS_TEST(neither_family),
		ARGS_TEST(the_last_of_several_counts),
		ARGS_TEST(a_bad_list_leaves_the_default),
	};
	return cmocka_run_group_tests_name("args lists", tests, NULL, NULL);
}
