/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/devices.h"
#include "runtime/start.h"
#include "tests/fakes/console.h"

static char marks[64];

void boot_mark(const char *what)
{
	strncat(marks, what, sizeof(marks) - strlen(marks) - 1);
}

const char application_devices[] = "net0\0config.c:5\0"
				   "ip\0config.c:7\0"
				   "tcp\0\0";

/* In one test, since what has started has started for good. */
static void they_are_counted_and_marked_and_one_that_fails_is_named(void **state)
{
	(void)state;
	fake_console_clear();
	assert_int_equal(devices_started(), 0);
	assert_int_equal(device_started(OK), OK);
	assert_int_equal(device_started(OK), OK);
	assert_int_equal(devices_started(), 2);
	assert_string_equal(marks, "net0ip");
	assert_int_equal(fake_console_len, 0);

	assert_int_equal(device_started(ERR_NOMEM), ERR_NOMEM);
	assert_int_equal(devices_started(), 2);
	assert_string_equal(marks, "net0ip");
	assert_string_equal(fake_console_text,
			    "error: tcp does not start: out of memory (config.c:7)\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_counted_and_marked_and_one_that_fails_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
