/* SPDX-License-Identifier: ISC */
/* The watchdog over its registers, with the time that it has left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/watchdog/sunxi_watchdog/sunxi_watchdog.c"

enum { BASE = 0x1c20ca0 };

static uint32_t regs[8];
static uint32_t left_ms; /* 0: it does not run */
static struct sunxi_watchdog driver;
static struct watchdog *dog;

uint32_t fake_read(uintptr_t address)
{
	return regs[(address - BASE) / 4];
}

void fake_write(uintptr_t address, uint32_t value)
{
	static const unsigned halves[] = {1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32};
	uint32_t mode;

	assert_in_range(address, BASE, BASE + sizeof(regs) - 1);
	regs[(address - BASE) / 4] = value;
	mode = regs[6];
	if ((mode & 1) == 0) {
		left_ms = 0;
	} else if (address == BASE + 0x10 && value == 0x14af) {
		assert_int_equal(regs[5], 1); /* it restarts everything */
		left_ms = 500 * halves[mode >> 4];
	}
}

static int set_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		regs[i] = 0;
	left_ms = 0;
	dog = sunxi_watchdog_init(&driver, BASE);
	return 0;
}

static void never_sooner_than_asked_for(void **state)
{
	(void)state;
	for (uint32_t ms = 1; ms <= 16000; ms += 7) {
		assert_int_equal(watchdog_start(dog, ms), OK);
		assert_in_range(left_ms, ms, ms + 2000);
	}
	assert_int_equal(watchdog_start(dog, 16000), OK);
	assert_int_equal(left_ms, 16000);
	assert_int_equal(watchdog_start(dog, 1), OK);
	assert_int_equal(left_ms, 500);
}

static void a_time_that_it_cannot_count(void **state)
{
	(void)state;
	assert_int_equal(watchdog_start(dog, 16001), ERR_RANGE);
	assert_int_equal(left_ms, 0);
}

static void feeding_begins_the_time_anew(void **state)
{
	(void)state;
	assert_int_equal(watchdog_start(dog, 3000), OK);
	left_ms = 1;
	watchdog_feed(dog);
	assert_int_equal(left_ms, 3000);
	watchdog_stop(dog);
	assert_int_equal(left_ms, 0);
	assert_false(watchdog_has_reset(dog));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(never_sooner_than_asked_for, set_up),
		cmocka_unit_test_setup(a_time_that_it_cannot_count, set_up),
		cmocka_unit_test_setup(feeding_begins_the_time_anew, set_up),
	};

	return cmocka_run_group_tests_name("sunxi_watchdog", tests, NULL, NULL);
}
