/* SPDX-License-Identifier: ISC */
/* The light blinks in time, gives up when it does not work; the expander's pins are questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drivers/gpio/rpi_expander/rpi_expander.h"
#include "hal/timer.h"
#include "runtime/heartbeat/heartbeat.h"
#include "tests/fakes/gpio_fake.h"
#include "tests/fakes/runtime.h"

enum { PIN = 3, BEGIN_US = 5000000, MS = 1000 };

static struct gpio_fake pins;
static struct gpio_line led;
static struct heartbeat heart;

static int set_up(void **state)
{
	(void)state;
	led = (struct gpio_line){gpio_fake_init(&pins), PIN, .active_low = false};
	fake_log_lines = 0;
	return 0;
}

static void blinks_in_time(void **state)
{
	(void)state;
	heartbeat_start(&heart, &led, 100, 900);
	assert_true(pins.is_output[PIN] && !pins.high[PIN]);
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US), BEGIN_US + 100 * MS);
	assert_true(pins.high[PIN]);
	/* Polled for another reason. */
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US + 99 * MS), BEGIN_US + 100 * MS);
	assert_true(pins.high[PIN]);
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US + 100 * MS), BEGIN_US + 1000 * MS);
	assert_false(pins.high[PIN]);
	/* The loop was busy: it goes on from there, and makes up for nothing. */
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US + 9000 * MS), BEGIN_US + 9100 * MS);
	assert_int_equal(pins.changes, 3);
	heartbeat_stop(&heart);
	assert_false(pins.high[PIN]);
}

static void low_is_on_if_the_board_says_so(void **state)
{
	(void)state;
	led.active_low = true;
	heartbeat_start(&heart, &led, 1, 1);
	assert_true(pins.high[PIN]);
	(void)heartbeat_poll(&heart, BEGIN_US);
	assert_false(pins.high[PIN]);
	heartbeat_stop(&heart);
	assert_true(pins.high[PIN]);
}

static void a_light_that_does_not_work_is_one_line(void **state)
{
	(void)state;
	pins.answer = ERR_TIMEOUT;
	heartbeat_start(&heart, &led, 100, 900);
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US), TIME_NEVER);
	heartbeat_stop(&heart);
	assert_int_equal(fake_log_lines, 1);
	pins.answer = OK;
	heartbeat_start(&heart, &led, 100, 900);
	pins.answer = ERR_IO;
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US), TIME_NEVER);
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US + 100 * MS), TIME_NEVER);
	assert_int_equal(fake_log_lines, 2);
}

static void without_a_light_nothing_happens(void **state)
{
	(void)state;
	heartbeat_start(&heart, NULL, 100, 900);
	assert_int_equal(heartbeat_poll(&heart, BEGIN_US), TIME_NEVER);
	heartbeat_stop(&heart);
	assert_int_equal(fake_log_lines, 0);
}

/* --- the expander ----------------------------------------------------------------------------- */

static struct rpi_firmware firmware;
static struct rpi_pin_config told;
static unsigned told_pin;
static bool level;

enum err rpi_firmware_pin_configure(struct rpi_firmware *f, unsigned pin,
				    const struct rpi_pin_config *config)
{
	assert_ptr_equal(f, &firmware);
	told = *config;
	told_pin = pin;
	return OK;
}

enum err rpi_firmware_pin_set(struct rpi_firmware *f, unsigned pin, bool high)
{
	(void)f;
	told_pin = pin;
	level = high;
	return OK;
}

enum err rpi_firmware_pin_get(struct rpi_firmware *f, unsigned pin, bool *high)
{
	(void)f;
	told_pin = pin;
	*high = level;
	return OK;
}

static void the_firmware_is_told_of_the_expanders_pins(void **state)
{
	struct rpi_expander expander;
	struct gpio *g = rpi_expander_init(&expander, &firmware);
	bool high = false;

	(void)state;
	assert_int_equal(gpio_configure(g, 2, GPIO_OUTPUT_HIGH), OK);
	assert_int_equal(told_pin, 2);
	assert_true(told.is_output && told.high && !told.has_pull);
	assert_int_equal(gpio_configure(g, 7, GPIO_INPUT_PULL_UP), OK);
	assert_true(!told.is_output && told.has_pull && told.pull_up);
	assert_int_equal(gpio_configure(g, 7, GPIO_INPUT_PULL_DOWN), OK);
	assert_true(told.has_pull && !told.pull_up);
	assert_int_equal(gpio_set(g, 5, true), OK);
	assert_int_equal(gpio_get(g, 5, &high), OK);
	assert_true(high);
	assert_int_equal(told_pin, 5);
	assert_int_equal(gpio_set(g, 8, true), ERR_RANGE);
	assert_int_equal(gpio_watch(g, 2, GPIO_EDGE_RISING, (struct waker){0}), ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(blinks_in_time, set_up),
		cmocka_unit_test_setup(low_is_on_if_the_board_says_so, set_up),
		cmocka_unit_test_setup(a_light_that_does_not_work_is_one_line, set_up),
		cmocka_unit_test_setup(without_a_light_nothing_happens, set_up),
		cmocka_unit_test(the_firmware_is_told_of_the_expanders_pins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
