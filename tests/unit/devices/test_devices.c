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
static unsigned n_stopped;
static int status;
static jmp_buf stopped;

void boot_mark(const char *what)
{
	strncat(marks, what, sizeof(marks) - strlen(marks) - 1);
}

const char application_devices[] = "net0\0config.c:5\0"
				   "ip\0config.c:7\0"
				   "tcp\0\0";

void stop_devices(void)
{
	n_stopped = devices_started();
}

void stop(int ends_with)
{
	status = ends_with;
	longjmp(stopped, 1);
}

/* In one test, since what has started has started for good. */
static void they_are_counted_and_marked_and_one_that_fails_is_named(void **state)
{
	(void)state;
	fake_console_clear();
	assert_int_equal(devices_started(), 0);
	device_started(OK);
	device_started(OK);
	assert_int_equal(devices_started(), 2);
	assert_string_equal(marks, "net0ip");
	assert_int_equal(fake_console_len, 0);

	if (setjmp(stopped) == 0) {
		device_started(ERR_NOMEM);
		fail_msg("it goes on");
	}
	assert_int_equal(n_stopped, 2);
	assert_int_equal(status, STATUS_ERROR);
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
