/* SPDX-License-Identifier: ISC */
/*
 * Time from counter values: exact enough at every rate, and as the hypervisor's structure says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/timer/x86_timer/pvclock.h"

static const uint32_t rates_khz[] = {100000,  132768,  999999,  1000000, 1000001,
				     2400000, 2596123, 3000000, 5700000, 10000000};

#define YEAR_S UINT64_C(31557600)

/* Within one part in 10^8, and one nanosecond. */
static void expect_near(uint64_t value, uint64_t expected)
{
	uint64_t difference = value > expected ? value - expected : expected - value;
	if (difference > expected / 100000000 + 1)
		fail_msg("%llu instead of %llu", (unsigned long long)value,
			 (unsigned long long)expected);
}

static void ticks_become_nanoseconds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rates_khz); i++) {
		struct pvclock p;
		uint64_t khz = rates_khz[i];
		pvclock_set(&p, (uint32_t)khz, 1000);
		assert_int_equal(pvclock_ns(&p, 1000), 0);
		expect_near(pvclock_ns(&p, 1000 + khz), 1000000);
		expect_near(pvclock_ns(&p, 1000 + khz * 1000), 1000000000);
		/* Ten years without a wrap. */
		expect_near(pvclock_ns(&p, 1000 + khz * 1000 * 10 * YEAR_S),
			    UINT64_C(1000000000) * 10 * YEAR_S);
	}
}

static void nanoseconds_become_ticks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rates_khz); i++) {
		struct pvclock p;
		uint64_t khz = rates_khz[i];
		pvclock_set(&p, (uint32_t)khz, 0);
		unsigned __int128 q32 = pvclock_ticks_per_ns_q32(&p);
		expect_near((uint64_t)(q32 * 1000000 >> 32), khz);
		expect_near((uint64_t)(q32 * 1000000000000 >> 32), khz * 1000000);
	}
}

static void time_never_goes_back(void **state)
{
	struct pvclock p;
	(void)state;
	pvclock_set(&p, 2596123, 0);
	uint64_t last = 0;
	for (uint64_t tsc = 0; tsc < 1000000; tsc += 7) {
		uint64_t ns = pvclock_ns(&p, tsc);
		assert_true(ns >= last);
		last = ns;
	}
}

static void a_page_of_the_hypervisor_is_understood(void **state)
{
	(void)state;
	/* As KVM fills it at 2.4 GHz: 2^32 * 10^6 / 2.4 * 10^6, doubled, and a shift to the right.
	 */
	struct pvclock p = {
		.version = 2, .tsc = 5000, .base_ns = 777, .mult = 3579139413u, .shift = -1};
	struct pvclock copy = pvclock_snapshot(&p);
	expect_near(pvclock_ns(&copy, 5000 + 2400000000), 777 + 1000000000);
	assert_int_equal(pvclock_ns(&copy, 5000), 777);
	/* Read before the page was written. */
	assert_int_equal(pvclock_ns(&copy, 4000), 777);
	unsigned __int128 q32 = pvclock_ticks_per_ns_q32(&copy);
	expect_near((uint64_t)(q32 * 1000000000 >> 32), 2400000000);
}

static void a_page_that_is_never_finished_does_not_hang(void **state)
{
	struct pvclock p = {.version = 3, .base_ns = 42};
	(void)state;
	assert_int_equal(pvclock_snapshot(&p).base_ns, 42);
	assert_int_equal(pvclock_ticks_per_ns_q32(&p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_become_nanoseconds),
		cmocka_unit_test(nanoseconds_become_ticks),
		cmocka_unit_test(time_never_goes_back),
		cmocka_unit_test(a_page_of_the_hypervisor_is_understood),
		cmocka_unit_test(a_page_that_is_never_finished_does_not_hang),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
