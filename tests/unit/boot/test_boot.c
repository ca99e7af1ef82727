/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define log_write timeline_write
#include "runtime/boot.c"

const bool boot_arguments = true;

static char timeline[2048];
static uint64_t clock_us;

void timeline_write(enum log_level level, const char *module, const char *format, ...)
{
	size_t len = strlen(timeline);
	va_list ap;
	(void)level;
	assert_string_equal(module, "boot");
	va_start(ap, format);
	vsnprintf(timeline + len, sizeof(timeline) - len, format, ap);
	va_end(ap);
	strncat(timeline, "\n", sizeof(timeline) - strlen(timeline) - 1);
}

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return clock_us;
}

static void run_clock(void)
{
	static const struct timer_ops ops = {.now_us = now_us};
	static struct timer timer = {.ops = &ops};
	time_start(&timer);
}

static int start_over(void **state)
{
	(void)state;
	timeline[0] = '\0';
	memset(&boot, 0, sizeof(boot));
	return 0;
}

/* First: time cannot be stopped again. */
static void without_a_timer_nothing_is_said(void **state)
{
	(void)state;
	assert_false(time_runs());
	boot_mark("memory");
	boot_ready();
	assert_int_equal(time_now_us(), 0);
	assert_string_equal(timeline, "");
}

static void each_step_has_its_time(void **state)
{
	(void)state;
	clock_us = 1500;
	run_clock();
	assert_int_equal(time_now_us(), 1500);
	boot_mark("timer");
	clock_us = 2000;
	boot_mark("network");
	clock_us = 12345;
	boot_ready();
	boot_ready(); /* says it once */
	assert_string_equal(timeline, "timer                1500 us\n"
				      "network               500 us\n"
				      "application         10345 us\n"
				      "ready in 12.345 ms\n");
}

static void more_steps_than_fit_do_no_harm(void **state)
{
	(void)state;
	run_clock();
	for (clock_us = 0; clock_us < 100000; clock_us += 1000)
		boot_mark("step");
	boot_ready();
	assert_non_null(strstr(timeline, "\nready in 100.000 ms\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_a_timer_nothing_is_said, start_over),
		cmocka_unit_test_setup(each_step_has_its_time, start_over),
		cmocka_unit_test_setup(more_steps_than_fit_do_no_harm, start_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
