/* SPDX-License-Identifier: ISC */
/*
 * The generator that is slow, that never delivers, and that firmware has left on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/rng/bcm2835_rng/bcm2835_rng.c"

enum { BASE = 0x1000 };

static struct {
	uint32_t control, warm_up, words_read;
	unsigned polls_a_word; /* until a word is ready; 0: never */
	unsigned polls;
} device;

uint32_t fake_read(uintptr_t address)
{
	switch (address - BASE) {
	case RNG_CONTROL:
		return device.control;
	case RNG_STATUS:
		assert_int_equal(device.control, RNG_CONTROL_ENABLE);
		return ++device.polls == device.polls_a_word ? 1u << RNG_STATUS_WORDS : 0x1234;
	case RNG_DATA:
		assert_int_equal(device.polls, device.polls_a_word);
		device.polls = 0;
		return 0x04030201 + 0x04040404 * device.words_read++;
	}
	fail();
	return 0;
}

void fake_write(uintptr_t address, uint32_t value)
{
	if (address == BASE + RNG_CONTROL)
		device.control = value;
	else if (address == BASE + RNG_STATUS)
		device.warm_up = value;
	else
		assert_int_equal(address, BASE + RNG_INTERRUPT_MASK);
}

static struct bcm2835_rng generator;

static int setup(void **state)
{
	(void)state;
	memset(&device, 0, sizeof(device));
	device.polls_a_word = 5;
	return 0;
}

static void fills_every_byte_and_none_beyond(void **state)
{
	uint8_t bytes[8] = {0};
	struct rng *rng = bcm2835_rng_init(&generator, BASE);

	(void)state;
	assert_int_equal(rng_read(rng, bytes, 7), OK);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\0", 8);
	assert_int_equal(device.words_read, 2);
}

static void is_warmed_up_only_if_it_was_off(void **state)
{
	(void)state;
	bcm2835_rng_init(&generator, BASE);
	assert_int_equal(device.warm_up, RNG_STATUS_WARM_UP);
	device.warm_up = 0;
	bcm2835_rng_init(&generator, BASE);
	assert_int_equal(device.warm_up, 0);
}

static void a_generator_that_does_not_deliver_is_given_up(void **state)
{
	uint8_t bytes[4];
	struct rng *rng = bcm2835_rng_init(&generator, BASE);

	(void)state;
	device.polls_a_word = 0;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_TIMEOUT);
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
