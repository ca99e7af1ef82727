/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/wall_clock.h"

#define SECOND UINT64_C(1000000)
#define UNIX   (UINT64_C(1795280799) * SECOND)

static void unknown_until_it_is_set(void **state)
{
	struct wall_clock w = {0};
	(void)state;
	assert_int_equal(wall_clock_us(&w, 5 * SECOND), 0);
	wall_clock_set(&w, 5 * SECOND, UNIX);
	assert_int_equal(wall_clock_us(&w, 5 * SECOND), UNIX);
	assert_int_equal(wall_clock_us(&w, 65 * SECOND), UNIX + 60 * SECOND);
}

static void large_corrections_are_steps(void **state)
{
	struct wall_clock w = {0};
	(void)state;
	wall_clock_set(&w, 0, UNIX);
	wall_clock_adjust(&w, SECOND, WALL_CLOCK_SLEW_MAX_US + 1);
	assert_int_equal(wall_clock_us(&w, SECOND), UNIX + SECOND + WALL_CLOCK_SLEW_MAX_US + 1);
	wall_clock_adjust(&w, SECOND, -(int64_t)(3600 * SECOND));
	assert_int_equal(wall_clock_us(&w, SECOND),
			 UNIX - 3599 * SECOND + WALL_CLOCK_SLEW_MAX_US + 1);
}

/* Goes forward all the time, and 512 millionths faster or slower at most. */
static void small_ones_are_made_up_for_slowly(void **state)
{
	static const int64_t offsets[] = {WALL_CLOCK_SLEW_MAX_US, -WALL_CLOCK_SLEW_MAX_US, 1, -1};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct wall_clock w = {0};
		wall_clock_set(&w, 0, UNIX);
		wall_clock_adjust(&w, SECOND, offsets[i]);
		uint64_t last_us = UNIX + SECOND;
		for (uint64_t s = 2; s <= 300; s++) {
			uint64_t us = wall_clock_us(&w, s * SECOND);
			assert_in_range(us - last_us, SECOND - 512, SECOND + 512);
			last_us = us;
		}
		assert_int_equal(last_us, UNIX + 300 * SECOND + (uint64_t)offsets[i]);
	}
}

static void a_correction_replaces_what_is_left_of_the_last(void **state)
{
	struct wall_clock w = {0};
	(void)state;
	wall_clock_set(&w, 0, UNIX);
	wall_clock_adjust(&w, 0, 100000);
	uint64_t there_us = wall_clock_us(&w, 2 * SECOND);
	assert_in_range(there_us - UNIX, 2 * SECOND + 900, 2 * SECOND + 1024);
	wall_clock_adjust(&w, 2 * SECOND, -500);
	assert_int_equal(wall_clock_us(&w, 300 * SECOND), there_us + 298 * SECOND - 500);
}

/* Against the C library's calendar. */
static void dates_are_those_of_the_calendar(void **state)
{
	char text[DATE_CHARS], expected[DATE_CHARS];
	(void)state;
	for (uint64_t s = 0; s < UINT64_C(253402300800); s += 86400 * 13 + 3661) {
		time_t t = (time_t)s;
		struct tm tm;
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S.000001Z",
			 gmtime_r(&t, &tm));
		assert_string_equal(date_format(s * SECOND + 1, text), expected);
	}
	assert_string_equal(date_format(UINT64_C(253402300799999999), text),
			    "9999-12-31T23:59:59.999999Z");
	assert_string_equal(date_format(UINT64_C(951782400000000), text),
			    "2000-02-29T00:00:00.000000Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_until_it_is_set),
		cmocka_unit_test(large_corrections_are_steps),
		cmocka_unit_test(small_ones_are_made_up_for_slowly),
		cmocka_unit_test(a_correction_replaces_what_is_left_of_the_last),
		cmocka_unit_test(dates_are_those_of_the_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
