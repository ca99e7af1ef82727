/* SPDX-License-Identifier: ISC */
/*
 * The generator that warms up, that is slow, that never delivers, and that firmware has left on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/rng/iproc_rng200/iproc_rng200.c"

enum { BASE = 0x1000, COLD_POLLS = 7 };

static struct {
	uint32_t control, thrown_away, words_read;
	unsigned polls_a_word; /* until a word is ready; 0: never */
	unsigned polls, cold;
} device;

uint32_t fake_read(uintptr_t address)
{
	switch (address - BASE) {
	case RNG200_CONTROL:
		return device.control;
	case RNG200_BITS:
		assert_int_not_equal(device.control, 0);
		return device.cold > 0 ? WARM_BITS - --device.cold : 1000;
	case RNG200_WORDS:
		return device.control != 0 && device.cold == 0 &&
		       ++device.polls == device.polls_a_word;
	case RNG200_DATA:
		assert_int_equal(device.cold, 0);
		assert_int_equal(device.polls, device.polls_a_word);
		device.polls = 0;
		return 0x04030201 + 0x04040404 * device.words_read++;
	}
	fail();
	return 0;
}

void fake_write(uintptr_t address, uint32_t value)
{
	if (address == BASE + RNG200_CONTROL)
		device.control = value;
	else if (address == BASE + RNG200_BITS_THROWN_AWAY)
		device.thrown_away = value;
	else
		fail();
}

static struct iproc_rng200 generator;

static int setup(void **state)
{
	(void)state;
	memset(&device, 0, sizeof(device));
	device.polls_a_word = 5;
	device.cold = COLD_POLLS;
	return 0;
}

static void fills_every_byte_and_none_beyond(void **state)
{
	uint8_t bytes[8] = {0};

	(void)state;
	iproc_rng200_init(&generator, BASE);
	assert_int_equal(rng_read(&generator.rng, bytes, 7), OK);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\0", 8);
	assert_int_equal(device.words_read, 2);
}

static void is_warmed_up_only_if_it_was_off(void **state)
{
	(void)state;
	iproc_rng200_init(&generator, BASE);
	assert_int_equal(device.thrown_away, WARM_UP_BITS);
	device.thrown_away = 0;
	device.polls = 0;
	iproc_rng200_init(&generator, BASE);
	assert_int_equal(device.thrown_away, 0);
}

static void a_generator_that_does_not_deliver_is_given_up(void **state)
{
	uint8_t bytes[4];

	(void)state;
	iproc_rng200_init(&generator, BASE);
	device.polls_a_word = 0;
	assert_int_equal(rng_read(&generator.rng, bytes, sizeof(bytes)), ERR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fills_every_byte_and_none_beyond, setup),
		cmocka_unit_test_setup(is_warmed_up_only_if_it_was_off, setup),
		cmocka_unit_test_setup(a_generator_that_does_not_deliver_is_given_up, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
