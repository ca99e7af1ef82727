/* SPDX-License-Identifier: ISC */
/*
 * Questions to a firmware that answers, that does not, and that answers badly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/firmware/rpi_firmware/rpi_firmware.c"

enum { BASE = 0x1000 };

static struct rpi_firmware firmware = RPI_FIRMWARE(BASE);

/* The other side. */
static struct {
	bool dead, full;
	uint32_t code;  /* of the answer as a whole */
	uint32_t tag;   /* that it answers; 0: the one asked */
	uint32_t bytes; /* of the tag's answer */
	uint32_t values[6];
	unsigned stray;   /* answers to somebody else that come first */
	uint32_t pending; /* what will be read; 0: nothing */
	uint32_t asked[RPI_FIRMWARE_WORDS];
} gpu;

uint32_t fake_read(uintptr_t address)
{
	uint32_t word = gpu.pending;

	switch (address - BASE) {
	case MAILBOX_WRITE_STATUS:
		return gpu.full ? MAILBOX_STATUS_FULL : 0;
	case MAILBOX_STATUS:
		return word == 0 ? MAILBOX_STATUS_EMPTY : 0;
	case MAILBOX_READ:
		assert_int_not_equal(word, 0);
		if (gpu.stray > 0) {
			gpu.stray--;
			return 0x1238;
		}
		gpu.pending = 0;
		return word;
	}
	fail();
	return 0;
}

void fake_write(uintptr_t address, uint32_t value)
{
	uint32_t *m = firmware.message;

	assert_int_equal(address, BASE + MAILBOX_WRITE);
	assert_int_equal(value & 15, MAILBOX_PROPERTIES);
	assert_int_equal(value & ~15u, (uint32_t)(uintptr_t)m | 0xc0000000u);
	memcpy(gpu.asked, m, sizeof(gpu.asked));
	if (gpu.dead)
		return;
	m[1] = gpu.code;
	if (gpu.tag != 0)
		m[2] = gpu.tag;
	m[4] = gpu.bytes | PROPERTY_TAG_ANSWER;
	memcpy(&m[5], gpu.values, sizeof(gpu.values));
	gpu.pending = value;
}

static int setup(void **state)
{
	(void)state;
	memset(&gpu, 0, sizeof(gpu));
	gpu.code = PROPERTY_SUCCESS;
	gpu.bytes = 8;
	return 0;
}

static void asks_for_the_memory(void **state)
{
	uint32_t start, bytes;
	const uint32_t question[] = {32, 0, 0x00010005, 8, 0, 0, 0, 0};

	(void)state;
	gpu.values[0] = 0x1000;
	gpu.values[1] = 0x3b400000;
	assert_int_equal(rpi_firmware_memory(&firmware, &start, &bytes), OK);
	assert_memory_equal(gpu.asked, question, sizeof(question));
	assert_int_equal(start, 0x1000);
	assert_int_equal(bytes, 0x3b400000);
}

static void asks_for_the_numbers_of_the_board(void **state)
{
	uint8_t mac[6];
	uint64_t serial;
	uint32_t revision;

	(void)state;
	gpu.values[0] = 0x33221100;
	gpu.values[1] = 0x5544;
	gpu.bytes = 6;
	assert_int_equal(rpi_firmware_mac(&firmware, mac), OK);
	assert_memory_equal(mac, "\x00\x11\x22\x33\x44\x55", 6);
	gpu.bytes = 8;
	assert_int_equal(rpi_firmware_serial(&firmware, &serial), OK);
	assert_true(serial == UINT64_C(0x554433221100));
	gpu.bytes = 4;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), OK);
	assert_int_equal(revision, 0x33221100);
}

static void asks_for_clocks_and_the_temperature(void **state)
{
	uint32_t value = 0;

	(void)state;
	gpu.values[0] = RPI_CLOCK_UART;
	gpu.values[1] = 48000000;
	assert_int_equal(rpi_firmware_clock_hz(&firmware, RPI_CLOCK_UART, &value), OK);
	assert_int_equal(gpu.asked[5], RPI_CLOCK_UART);
	assert_int_equal(value, 48000000);
	gpu.values[1] = 0;
	assert_int_equal(rpi_firmware_clock_hz(&firmware, RPI_CLOCK_UART, &value), ERR_NODEV);
	/* The answer is about another clock. */
	assert_int_equal(rpi_firmware_clock_hz(&firmware, RPI_CLOCK_ARM, &value), ERR_IO);
	gpu.values[0] = 0;
	gpu.values[1] = 25000;
	assert_int_equal(rpi_firmware_temperature(&firmware, &value), OK);
	assert_int_equal(value, 25000);
}

static void turns_devices_on(void **state)
{
	(void)state;
	gpu.values[0] = RPI_POWER_USB;
	gpu.values[1] = POWER_ON;
	assert_int_equal(rpi_firmware_power(&firmware, RPI_POWER_USB, true), OK);
	assert_int_equal(gpu.asked[6], POWER_ON | POWER_WAIT);
	assert_int_equal(rpi_firmware_power(&firmware, RPI_POWER_USB, false), ERR_IO);
	assert_int_equal(gpu.asked[6], POWER_WAIT);
	gpu.values[1] = POWER_ABSENT;
	assert_int_equal(rpi_firmware_power(&firmware, RPI_POWER_USB, true), ERR_NODEV);
}

static void answers_to_others_are_passed_over(void **state)
{
	uint32_t revision;

	(void)state;
	gpu.stray = 3;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), OK);
	gpu.stray = UINT32_MAX;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_IO);
}

static void a_firmware_that_does_not_answer_is_given_up(void **state)
{
	uint32_t revision = 7;

	(void)state;
	gpu.dead = true;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_TIMEOUT);
	gpu.full = true;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_TIMEOUT);
	assert_int_equal(revision, 7);
}

static void bad_answers_are_refused(void **state)
{
	uint32_t revision = 7;
	uint8_t mac[6];

	(void)state;
	gpu.code = 0x80000001;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_UNSUPPORTED);
	gpu.code = PROPERTY_SUCCESS;
	gpu.bytes = 2; /* shorter than a revision */
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_IO);
	gpu.bytes = 5; /* shorter than an address */
	assert_int_equal(rpi_firmware_mac(&firmware, mac), ERR_IO);
	gpu.bytes = 4;
	gpu.tag = PROPERTY_SERIAL;
	assert_int_equal(rpi_firmware_revision(&firmware, &revision), ERR_IO);
	assert_int_equal(revision, 7);
}

/* Linux's gpio-raspberrypi-exp.c: numbers from 128, and 0 in the answer if there is such a pin. */
static void asks_for_pins_and_keeps_their_polarity(void **state)
{
	const struct rpi_pin_config output = {.is_output = true, .high = true};
	const uint32_t question[] = {48, 0, 0x00038043, 24, 0, 130, 1, 1, 0, 0, 1, 0};
	const uint32_t set[] = {32, 0, 0x00038041, 8, 0, 129, 1, 0};
	bool high = false;

	(void)state;
	gpu.bytes = 20;
	gpu.values[2] = 1; /* the polarity */
	assert_int_equal(rpi_firmware_pin_configure(&firmware, 2, &output), OK);
	assert_memory_equal(gpu.asked, question, sizeof(question));
	gpu.bytes = 8;
	assert_int_equal(rpi_firmware_pin_set(&firmware, 1, true), OK);
	assert_memory_equal(gpu.asked, set, sizeof(set));
	gpu.values[1] = 1;
	assert_int_equal(rpi_firmware_pin_get(&firmware, 7, &high), OK);
	assert_true(high);
	assert_int_equal(gpu.asked[5], 135);
}

static void a_pin_that_there_is_not(void **state)
{
	const struct rpi_pin_config input = {.has_pull = true};
	bool high = true;

	(void)state;
	gpu.bytes = 24;
	gpu.values[0] = 135;
	assert_int_equal(rpi_firmware_pin_configure(&firmware, 7, &input), ERR_IO);
	assert_int_equal(rpi_firmware_pin_set(&firmware, 7, true), ERR_IO);
	assert_int_equal(rpi_firmware_pin_get(&firmware, 7, &high), ERR_IO);
	gpu.bytes = 0;
	assert_int_equal(rpi_firmware_pin_set(&firmware, 7, true), ERR_UNSUPPORTED);
	gpu.values[0] = 0;
	gpu.bytes = 4; /* too short for a level */
	assert_int_equal(rpi_firmware_pin_get(&firmware, 7, &high), ERR_IO);
	assert_true(high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(asks_for_the_memory, setup),
		cmocka_unit_test_setup(asks_for_the_numbers_of_the_board, setup),
		cmocka_unit_test_setup(asks_for_clocks_and_the_temperature, setup),
		cmocka_unit_test_setup(turns_devices_on, setup),
		cmocka_unit_test_setup(answers_to_others_are_passed_over, setup),
		cmocka_unit_test_setup(a_firmware_that_does_not_answer_is_given_up, setup),
		cmocka_unit_test_setup(bad_answers_are_refused, setup),
		cmocka_unit_test_setup(asks_for_pins_and_keeps_their_polarity, setup),
		cmocka_unit_test_setup(a_pin_that_there_is_not, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
