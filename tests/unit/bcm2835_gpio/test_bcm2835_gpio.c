/* SPDX-License-Identifier: ISC */
/* The card's pins get their function and their pulls, and no other pin anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.c"

enum { BASE = 0x1000, WORDS = 0xb4 / 4 };

static uint32_t regs[WORDS];
static uint32_t pull_of_pins[BCM2835_PINS];
static unsigned reads; /* since the last write */

uint32_t fake_read(uintptr_t address)
{
	reads++;
	return regs[(address - BASE) / 4];
}

void fake_write(uintptr_t address, uint32_t value)
{
	uint32_t word = (uint32_t)(address - BASE) / 4;

	/* A clock to pins hands the pull on, if that has settled. */
	for (unsigned i = 0; i < 32 && (word == 0x98 / 4 || word == 0x9c / 4); i++) {
		if ((value >> i & 1) == 0)
			continue;
		assert_true(word == 0x9c / 4 || reads >= 15);
		assert_true(i + (word == 0x9c / 4) * 32 < BCM2835_PINS);
		pull_of_pins[i + (word == 0x9c / 4) * 32] = regs[GPIO_PULL / 4];
	}
	regs[word] = value;
	reads = 0;
}

static int set_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 6; i++)
		regs[i] = 0x12345678;
	memset(pull_of_pins, 0xff, sizeof(pull_of_pins));
	return 0;
}

static void only_these_pins_get_the_function(void **state)
{
	(void)state;
	bcm2835_gpio_set_function(BASE, 48, 53, BCM2835_ALT3);
	assert_int_equal(regs[3], 0x12345678);
	assert_int_equal(regs[4], 0x3f345678); /* 48 and 49 */
	assert_int_equal(regs[5], 0x12345fff); /* 50 to 53 */
	bcm2835_gpio_set_function(BASE, 0, 0, BCM2835_OUTPUT);
	assert_int_equal(regs[0], 0x12345679);
}

static void only_these_pins_get_the_pull(void **state)
{
	(void)state;
	bcm2835_gpio_set_pulls(BASE, 30, 33, BCM2835_PULL_UP);
	for (unsigned i = 0; i < BCM2835_PINS; i++)
		assert_int_equal(pull_of_pins[i],
				 i >= 30 && i <= 33 ? BCM2835_PULL_UP : UINT32_MAX);
	assert_int_equal(regs[GPIO_PULL / 4], 0);
	assert_int_equal(regs[GPIO_PULL_CLOCK / 4], 0);
	bcm2835_gpio_set_pulls(BASE, 0, 53, BCM2835_PULL_NONE);
	assert_int_equal(pull_of_pins[0], BCM2835_PULL_NONE);
	assert_int_equal(pull_of_pins[53], BCM2835_PULL_NONE);
}

static void there_are_54_pins(void **state)
{
	(void)state;
	expect_assert_failure(bcm2835_gpio_set_function(BASE, 48, 54, BCM2835_ALT3));
	expect_assert_failure(bcm2835_gpio_set_pulls(BASE, 2, 1, BCM2835_PULL_UP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_these_pins_get_the_function, set_up),
		cmocka_unit_test_setup(only_these_pins_get_the_pull, set_up),
		cmocka_unit_test_setup(there_are_54_pins, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
