/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/flash/cfi/cfi.h"
#include "tests/fakes/cfi_fake.h"

static struct cfi cfi;
static struct flash *const flash = &cfi.flash;
static uint8_t pattern[CFI_FAKE_BYTES], out[CFI_FAKE_BYTES];
static uint64_t clock_us;

/* Time passes with each look at it. */
static uint64_t now_us(struct timer *t)
{
	(void)t;
	return clock_us += 10;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	(void)deadline_us;
}

static const struct timer_ops timer_ops = {now_us, arm};
static struct timer timer = {.ops = &timer_ops};

static enum err found(void)
{
	return cfi_init(&cfi, CFI_FAKE_BASE, CFI_FAKE_BYTES, &timer, "flash");
}

static int set_up(void **state)
{
	(void)state;
	cfi_fake_init();
	assert_int_equal(found(), OK);
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i * 5 + (i >> 8));
	return 0;
}

static void it_says_what_it_is(void **state)
{
	(void)state;
	assert_int_equal(flash->blocks, CFI_FAKE_BLOCKS);
	assert_int_equal(flash->block_bytes, CFI_FAKE_BLOCK_BYTES);
	assert_int_equal(flash->program_bytes, 4);
	assert_int_equal(cfi.buffer_bytes, CFI_FAKE_BUFFER_BYTES);
}

static void reads_any_bytes(void **state)
{
	(void)state;
	for (unsigned at = 0; at < 9; at++) {
		for (unsigned len = 0; len < 20; len++) {
			memset(out, 0xee, 64);
			assert_int_equal(flash_read(flash, at, out, len), OK);
			assert_memory_equal(out, &cfi_fake.bytes[at], len);
			assert_int_equal(out[len], 0xee);
		}
	}
}

static void erases_and_programs(void **state)
{
	static const unsigned runs[][2] = {{0, 4},   {4, 60},   {64, 64},    {128, 200},
					   {332, 4}, {1000, 8}, {1016, 1032}};

	(void)state;
	cfi_fake.slow = 3;
	assert_int_equal(flash_erase(flash, 1), OK);
	assert_int_equal(cfi_fake.bytes[2047], (uint8_t)2047);
	assert_int_equal(cfi_fake.bytes[4096], 0);
	for (unsigned i = 0; i < ARRAY_SIZE(runs); i++) {
		unsigned at = CFI_FAKE_BLOCK_BYTES + runs[i][0], len = runs[i][1];

		assert_int_equal(flash_program(flash, at, pattern + at, len), OK);
		assert_int_equal(flash_read(flash, at, out, len), OK);
		assert_memory_equal(out, pattern + at, len);
	}
	assert_true(cfi_fake.buffers >= 1032 / CFI_FAKE_BUFFER_BYTES && cfi_fake.words <= 4);
	assert_int_equal(flash_sync(flash), OK);
}

static void without_a_buffer_by_words(void **state)
{
	(void)state;
	cfi_fake.query[0x20] = 0;
	assert_int_equal(found(), OK);
	assert_int_equal(flash_erase(flash, 0), OK);
	assert_int_equal(flash_program(flash, 0, pattern, 200), OK);
	assert_int_equal(cfi_fake.words, 50);
	assert_memory_equal(cfi_fake.bytes, pattern, 200);
}

static void what_it_refuses_is_an_error(void **state)
{
	static const uint8_t faults[] = {0x20, 0x10, 0x08, 0x02, 0x30};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		cfi_fake.refuse = faults[i];
		assert_int_equal(flash_erase(flash, 0), ERR_IO);
		assert_int_equal(flash_program(flash, 0, pattern, 4), ERR_IO);
		assert_int_equal(flash_program(flash, 0, pattern, 64), ERR_IO);
		cfi_fake.refuse = 0;
		assert_int_equal(flash_read(flash, 0, out, 4), OK); /* as memory again */
		assert_memory_equal(out, cfi_fake.bytes, 4);
	}
	assert_int_equal(flash_erase(flash, 0), OK);
}

static void one_that_is_never_ready(void **state)
{
	uint64_t begin = clock_us;

	(void)state;
	cfi_fake.slow = UINT32_MAX;
	assert_int_equal(flash_erase(flash, 0), ERR_TIMEOUT);
	assert_in_range(clock_us - begin, cfi.erase_us, cfi.erase_us + 100);
	assert_int_equal(flash_program(flash, 0, pattern, 64), ERR_TIMEOUT);
	assert_int_equal(cfi.stats.timeouts, 2);
}

static void answers_that_cannot_be(void **state)
{
	static const struct {
		unsigned at;
		uint8_t value;
		enum err e;
	} wrong[] = {
		{0x10, 'q', ERR_NODEV},     {0x13, 2, ERR_UNSUPPORTED}, {0x14, 1, ERR_UNSUPPORTED},
		{0x2c, 0, ERR_UNSUPPORTED}, {0x2c, 2, ERR_UNSUPPORTED}, {0x27, 32, ERR_INVALID},
		{0x27, 255, ERR_INVALID},   {0x27, 11, ERR_INVALID},    {0x2d, 2, ERR_INVALID},
		{0x2e, 255, ERR_INVALID},   {0x30, 255, ERR_INVALID},   {0x2f, 0, ERR_INVALID},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		cfi_fake_init();
		cfi_fake.query[wrong[i].at] = wrong[i].value;
		assert_int_equal(found(), wrong[i].e);
		assert_int_equal(flash->blocks, 0);
		assert_int_equal(flash_read(flash, 0, out, 1), ERR_RANGE);
	}
	cfi_fake_init();
	cfi_fake.second_differs = true;
	assert_int_equal(found(), ERR_NODEV);
}

/* Times and buffers of any size are brought down to what can be. */
static void absurd_numbers_are_bounded(void **state)
{
	(void)state;
	for (unsigned at = 0x1f; at <= 0x25; at++)
		cfi_fake.query[at] = 255;
	cfi_fake.query[0x2a] = 255;
	cfi_fake.query[0x2b] = 255;
	assert_int_equal(found(), OK);
	assert_in_range(cfi.program_us, 1, 1000000);
	assert_in_range(cfi.erase_us, 1, 30000000);
	assert_in_range(cfi.buffer_bytes, 4, CFI_FAKE_BLOCK_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_says_what_it_is, set_up),
		cmocka_unit_test_setup(reads_any_bytes, set_up),
		cmocka_unit_test_setup(erases_and_programs, set_up),
		cmocka_unit_test_setup(without_a_buffer_by_words, set_up),
		cmocka_unit_test_setup(what_it_refuses_is_an_error, set_up),
		cmocka_unit_test_setup(one_that_is_never_ready, set_up),
		cmocka_unit_test_setup(answers_that_cannot_be, set_up),
		cmocka_unit_test_setup(absurd_numbers_are_bounded, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
