/* SPDX-License-Identifier: ISC */
/*
 * The conversion between ticks and microseconds, against 128-bit arithmetic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/scale.h"

/* What is found in CNTFRQ: the least, Raspberry Pi 3, 24 MHz, QEMU, 1 GHz of Armv8.6, the most. */
static const uint32_t rates_hz[] = {1000000,  1000001,  19200000,   24000000,
				    54000000, 62500000, 1000000000, UINT32_MAX};

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *state ^ *state >> 29;
}

static void ticks_become_microseconds(void **state)
{
	uint64_t random = 1;
	struct scale s;

	(void)state;
	for (unsigned r = 0; r < ARRAY_SIZE(rates_hz); r++) {
		assert_int_equal(scale_init(&s, rates_hz[r]), OK);
		for (int i = 0; i < 20000; i++) {
			uint64_t ticks = next_random(&random) >> (i % 64);
			uint64_t us = (uint64_t)((unsigned __int128)ticks * 1000000 / rates_hz[r]);
			uint64_t got = scale_us(&s, ticks);

			/* Never ahead, and behind by one part in 2^31 at most. */
			assert_true(got <= us);
			assert_true(us - got <= 1 + (us >> 31));
		}
	}
}

static void time_never_goes_back(void **state)
{
	struct scale s;

	(void)state;
	for (unsigned r = 0; r < ARRAY_SIZE(rates_hz); r++) {
		const uint64_t around[] = {0, UINT32_MAX, UINT64_C(1) << 40, UINT64_MAX - 2000};

		assert_int_equal(scale_init(&s, rates_hz[r]), OK);
		for (unsigned a = 0; a < ARRAY_SIZE(around); a++) {
			for (uint64_t i = 0; i < 1000; i++)
				assert_true(scale_us(&s, around[a] + i) <=
					    scale_us(&s, around[a] + i + 1));
		}
	}
}

static void an_alarm_is_not_early(void **state)
{
	uint64_t random = 7;
	struct scale s;

	(void)state;
	for (unsigned r = 0; r < ARRAY_SIZE(rates_hz); r++) {
		assert_int_equal(scale_init(&s, rates_hz[r]), OK);
		for (int i = 0; i < 20000; i++) {
			uint32_t us = (uint32_t)(next_random(&random) >> (32 + i % 32));
			uint64_t exact = (uint64_t)us * rates_hz[r] / 1000000;
			uint64_t ticks = scale_ticks(&s, us);

			assert_true(ticks + (exact >> 31) >= exact);
			assert_true(ticks <= exact + 1);
		}
	}
}

static void refuses_a_rate_that_firmware_left_unset(void **state)
{
	struct scale s;

	(void)state;
	assert_int_equal(scale_init(&s, 0), ERR_UNSUPPORTED);
	assert_int_equal(scale_init(&s, 999999), ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_become_microseconds),
		cmocka_unit_test(time_never_goes_back),
		cmocka_unit_test(an_alarm_is_not_early),
		cmocka_unit_test(refuses_a_rate_that_firmware_left_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
