/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "runtime/devices.h"
#include "runtime/start.h"
#include "tests/fakes/console.h"

static char trace[64], marks[64];
static enum err tcp_answer;

void boot_mark(const char *what)
{
	strncat(marks, what, sizeof(marks) - strlen(marks) - 1);
}

static void note(const char *what)
{
	strncat(trace, what, sizeof(trace) - strlen(trace) - 1);
}

static enum err start_net0(void)
{
	note("+net0");
	return OK;
}

static void stop_net0(void)
{
	note("-net0");
}

static enum err start_ip(void)
{
	note("+ip");
	return OK;
}

static enum err start_tcp(void)
{
	note("+tcp");
	return tcp_answer;
}

static void stop_tcp(void)
{
	note("-tcp");
}

static const struct device devices[] = {
	{"net0", "config.c:5", start_net0, stop_net0},
	{"ip", "config.c:6", start_ip, NULL},
	{"tcp", "config.c:7", start_tcp, stop_tcp},
};

static int start_over(void **state)
{
	(void)state;
	trace[0] = '\0';
	marks[0] = '\0';
	tcp_answer = OK;
	fake_console_clear();
	return 0;
}

static void they_start_in_order_and_stop_in_reverse(void **state)
{
	(void)state;
	assert_int_equal(devices_start(devices, ARRAY_SIZE(devices)), OK);
	assert_string_equal(trace, "+net0+ip+tcp");
	assert_string_equal(marks, "net0iptcp");
	assert_int_equal(fake_console_len, 0);
	devices_stop(devices, ARRAY_SIZE(devices));
	assert_string_equal(trace, "+net0+ip+tcp-tcp-net0");
}

static void one_that_fails_is_named_and_the_others_are_stopped(void **state)
{
	(void)state;
	tcp_answer = ERR_NOMEM;
	assert_int_equal(devices_start(devices, ARRAY_SIZE(devices)), ERR_NOMEM);
	assert_string_equal(trace, "+net0+ip+tcp-net0"); /* what has not started is not stopped */
	assert_string_equal(fake_console_text,
			    "error: tcp does not start: out of memory (config.c:7)\r\n");
}

static void nothing_starts_and_stops_too(void **state)
{
	(void)state;
	assert_int_equal(devices_start(devices, 0), OK);
	devices_stop(devices, 0);
	assert_string_equal(trace, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(they_start_in_order_and_stop_in_reverse, start_over),
		cmocka_unit_test_setup(one_that_fails_is_named_and_the_others_are_stopped,
				       start_over),
		cmocka_unit_test_setup(nothing_starts_and_stops_too, start_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
