/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/console.h"
#include "tests/unit/args/keys.h"

static void help_is_aligned_and_complete(void **state)
{
	(void)state;
	args_print_help(tables);
	assert_string_equal(
		fake_console_text,
		"Arguments:\r\n"
		"  --verbose                     say more (default off)\r\n"
		"  --cache                       keep pages (default on)\r\n"
		"  --port=NUMBER                 TCP port to serve on (from 1 to 65535; default 80)\r\n"
		"  --any=NUMBER                  any number (from 0 to 65535; default 0)\r\n"
		"  --count=NUMBER                how many (from 3 to 9; default 3)\r\n"
		"  --size=SIZE                   buffer (from 64k to 16M; default 64k)\r\n"
		"  --room=SIZE                   room (default 5)\r\n"
		"  --wait=TIME                   patience (from 1ms to 10s; default 3s)\r\n"
		"  --age=TIME                    how old (default 0us)\r\n"
		"  --name=TEXT                   whom to greet (default world)\r\n"
		"  --gateway=A.B.C.D             router\r\n"
		"  --ipv4=A.B.C.D/BITS           our address (default 10.0.2.15/24)\r\n"
		"  --peer=A.B.C.D:PORT           the other side (default 10.0.2.2:7)\r\n"
		"  --mac=MAC                     station address (default 52:54:00:12:34:56)\r\n"
		"  --log=MODULE:LEVEL            log levels (default info)\r\n"
		"  --offset=NUMBER               any whole number (default -7)\r\n"
		"  --level=NUMBER                how loud (from -20 to 5; default -7)\r\n"
		"  --never=NUMBER                nothing (from 9 to 3; default 3)\r\n"
		"  --route=A.B.C.D/BITS:A.B.C.D  a way (default 10.1.0.0/16:10.0.2.9)\r\n"
		"  --ipv6=X:X::X                 an address\r\n"
		"  --net6=X:X::X/BITS            our network (default fd00::2/64)\r\n"
		"  --store=WORD                  where pages are (embedded, tar, fat; default tar)\r\n"
		"  --dns=VALUE,...               servers (up to 3 of A.B.C.D; default 10.0.2.3)\r\n"
		"  --ports=VALUE,...             to open (up to 40 of NUMBER from 1 to 1000)\r\n"
		"  --hosts=VALUE,...             names (up to 4 of TEXT)\r\n"
		"  --stores=VALUE,...            in order (up to 2 of WORD tar, fat)\r\n"
		"  --nets=VALUE,...              routes (up to 4 of X:X::X/BITS)\r\n"
		"  --servers=VALUE,...           of either family (up to 4 of ADDRESS)\r\n"
		"  --help                        print this list\r\n");
}

static void help_shows_the_levels_in_force(void **state)
{
	(void)state;
	assert_int_equal(parse("--log=tcp:debug,*:warn --help"), ERR_EOF);
	args_print_help(tables);
	assert_non_null(strstr(fake_console_text, "log levels (default tcp:debug,*:warn)\r\n"));
}

static void help_cuts_what_is_too_long(void **state)
{
	char long_name[200];
	(void)state;
	memset(long_name, 'y', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	name = long_name;
	ports.count = ARRAY_SIZE(ports_items);
	for (unsigned i = 0; i < ports.count; i++)
		ports_items[i] = 10000;
	hosts.count = 1;
	hosts_items[0] = long_name;
	args_print_help(tables);
	assert_null(strstr(fake_console_text, long_name));
	assert_non_null(strstr(fake_console_text, "10000,10000,…)"));
	assert_non_null(strstr(fake_console_text, "up to 4 of TEXT; default …)"));
	assert_non_null(strstr(fake_console_text, "--help"));
}

int args_help(void)
{
	const struct CMUnitTest tests[] = {
		ARGS_TEST(help_is_aligned_and_complete),
		ARGS_TEST(help_shows_the_levels_in_force),
		ARGS_TEST(help_cuts_what_is_too_long),
	};
	return cmocka_run_group_tests_name("args help", tests, NULL, NULL);
}
