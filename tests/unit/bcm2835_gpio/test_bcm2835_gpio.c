/* SPDX-License-Identifier: ISC */
/* Pins get what they are told and no other pin anything; edges wake once for each watch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.c"

enum { BASE = 0x1000, WORDS_OF_ALL = 0xf4 / 4, LINE = 5, LINES = 8 };

static uint32_t regs[WORDS_OF_ALL];
static uint32_t pull_of_pins[BCM2835_PINS];
static unsigned reads; /* since the last write */

/* Which of two words with a bit a pin this is, from the first; WORDS: none of them. */
static unsigned word_among(uint32_t offset, uint32_t first)
{
	return offset >= first && offset < first + 8 ? (offset - first) / 4 : WORDS;
}

uint32_t fake_read(uintptr_t address)
{
	reads++;
	return regs[(address - BASE) / 4];
}

/* A clock to pins hands the pull on, if that has settled. */
static void clock_pulls(unsigned word, uint32_t value)
{
	for (unsigned i = 0; i < 32; i++) {
		if ((value >> i & 1) == 0)
			continue;
		assert_true(word == 1 || reads >= 15);
		assert_true(i + word * 32 < BCM2835_PINS);
		pull_of_pins[i + word * 32] = regs[GPIO_PULL / 4];
	}
}

void fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - BASE);

	if (word_among(offset, GPIO_SET) < WORDS) {
		regs[GPIO_LEVEL / 4 + word_among(offset, GPIO_SET)] |= value;
		return;
	}
	if (word_among(offset, GPIO_CLEAR) < WORDS) {
		regs[GPIO_LEVEL / 4 + word_among(offset, GPIO_CLEAR)] &= ~value;
		return;
	}
	if (word_among(offset, GPIO_EVENT) < WORDS) {
		regs[offset / 4] &= ~value;
		return;
	}
	assert_true(word_among(offset, GPIO_LEVEL) == WORDS);
	if (word_among(offset, GPIO_PULL_CLOCK) < WORDS)
		clock_pulls(word_among(offset, GPIO_PULL_CLOCK), value);
	regs[offset / 4] = value;
	reads = 0;
}

/* --- the interrupt controller ----------------------------------------------------------------- */

static struct irq_line lines[LINES];
static enum err enabling;

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert_int_equal(line, LINE);
	assert_int_equal(trigger, IRQ_LEVEL_HIGH);
	return enabling;
}

static const struct irq_chip_ops chip_ops = {.enable = enable};
static struct irq_chip chip = {.ops = &chip_ops, .lines = lines, .n_lines = LINES};

static struct bcm2835_gpio driver;
static struct gpio *pins;
static unsigned woken;

static void wake(void *arg)
{
	woken += *(unsigned *)arg;
}

static struct waker waker_of(unsigned *weight)
{
	return (struct waker){.wake = wake, .arg = weight};
}

/* An edge at a pin: an event if it is looked for, and the line is up until there is none. */
static void edge(unsigned pin, enum gpio_edge e)
{
	uint32_t looked_for =
		regs[(e == GPIO_EDGE_RISING ? GPIO_RISING : GPIO_FALLING) / 4 + pin / 32];

	regs[GPIO_EVENT / 4 + pin / 32] |= looked_for & UINT32_C(1) << pin % 32;
	for (unsigned i = 0; (regs[GPIO_EVENT / 4] | regs[GPIO_EVENT / 4 + 1]) != 0; i++) {
		assert_true(i < 4);
		assert_non_null(lines[LINE].handler);
		lines[LINE].handler(lines[LINE].arg);
	}
}

static int set_up(void **state)
{
	(void)state;
	memset(regs, 0, sizeof(regs));
	for (unsigned i = 0; i < 6; i++)
		regs[i] = 0x12345678;
	memset(pull_of_pins, 0xff, sizeof(pull_of_pins));
	memset(lines, 0, sizeof(lines));
	enabling = OK;
	woken = 0;
	pins = bcm2835_gpio_init(&driver, BASE, &chip, LINE);
	return 0;
}

/* --- what boards say -------------------------------------------------------------------------- */

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

static void pulls_of_the_bcm2711_are_in_a_word_of_16(void **state)
{
	enum { PULLS = GPIO_PULL_OF_16_PINS / 4 };

	(void)state;
	pins = bcm2711_gpio_init(&driver, BASE, &chip, LINE);
	for (unsigned i = 0; i < 4; i++)
		regs[PULLS + i] = 0x55555555;
	bcm2711_gpio_set_pulls(BASE, 30, 33, BCM2835_PULL_DOWN);
	assert_int_equal(regs[PULLS], 0x55555555);
	assert_int_equal(regs[PULLS + 1], 0xa5555555);
	assert_int_equal(regs[PULLS + 2], 0x5555555a);
	assert_int_equal(gpio_configure(pins, 0, GPIO_INPUT), OK);
	assert_int_equal(regs[PULLS], 0x55555554);
	assert_int_equal(gpio_configure(pins, 0, GPIO_INPUT_PULL_UP), OK);
	assert_int_equal(regs[PULLS], 0x55555555);
	assert_int_equal(gpio_configure(pins, 53, GPIO_INPUT_PULL_DOWN), OK);
	assert_int_equal(regs[PULLS + 3], 0x55555955);
	assert_int_equal(regs[GPIO_PULL / 4] | regs[GPIO_PULL_CLOCK / 4], 0);
	expect_assert_failure(bcm2711_gpio_set_pulls(BASE, 53, 54, BCM2835_PULL_UP));
}

static void there_are_54_pins(void **state)
{
	bool high = true;

	(void)state;
	expect_assert_failure(bcm2835_gpio_set_function(BASE, 48, 54, BCM2835_ALT3));
	expect_assert_failure(bcm2835_gpio_set_pulls(BASE, 2, 1, BCM2835_PULL_UP));
	assert_int_equal(gpio_configure(pins, 53, GPIO_INPUT), OK);
	assert_int_equal(gpio_configure(pins, 54, GPIO_INPUT), ERR_RANGE);
	assert_int_equal(gpio_set(pins, 54, true), ERR_RANGE);
	assert_int_equal(gpio_get(pins, UINT32_MAX, &high), ERR_RANGE);
	assert_int_equal(gpio_watch(pins, 54, GPIO_EDGE_BOTH, waker_of(&woken)), ERR_RANGE);
}

/* --- as hal/gpio.h ---------------------------------------------------------------------------- */

static void an_output_begins_with_its_level(void **state)
{
	struct gpio_line led = {pins, 47, .active_low = true};
	bool high = false;

	(void)state;
	assert_int_equal(gpio_configure(pins, 17, GPIO_OUTPUT_HIGH), OK);
	assert_int_equal(gpio_get(pins, 17, &high), OK);
	assert_true(high);
	assert_int_equal(regs[1] >> 21 & 7, BCM2835_OUTPUT);
	assert_int_equal(pull_of_pins[17], BCM2835_PULL_NONE);
	assert_int_equal(gpio_line_output(&led, false), OK);
	assert_int_equal(regs[GPIO_LEVEL / 4 + 1], 1 << 15);
	assert_int_equal(gpio_line_set(&led, true), OK);
	assert_int_equal(regs[GPIO_LEVEL / 4 + 1], 0);
	assert_int_equal(regs[GPIO_LEVEL / 4], 1 << 17);
	assert_int_equal(gpio_set(pins, 17, false), OK);
	assert_int_equal(regs[GPIO_LEVEL / 4], 0);
}

static void an_input_has_its_pull(void **state)
{
	bool high = false;

	(void)state;
	assert_int_equal(gpio_configure(pins, 4, GPIO_INPUT_PULL_UP), OK);
	assert_int_equal(pull_of_pins[4], BCM2835_PULL_UP);
	assert_int_equal(regs[0] >> 12 & 7, BCM2835_INPUT);
	assert_int_equal(gpio_configure(pins, 5, GPIO_INPUT_PULL_DOWN), OK);
	assert_int_equal(pull_of_pins[5], BCM2835_PULL_DOWN);
	assert_int_equal(gpio_configure(pins, 33, GPIO_INPUT), OK);
	assert_int_equal(pull_of_pins[33], BCM2835_PULL_NONE);
	regs[GPIO_LEVEL / 4 + 1] = 2;
	assert_int_equal(gpio_get(pins, 33, &high), OK);
	assert_true(high);
}

static void an_edge_wakes_once(void **state)
{
	unsigned one = 1, hundred = 100;

	(void)state;
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_RISING, waker_of(&one)), OK);
	assert_int_equal(gpio_watch(pins, 40, GPIO_EDGE_BOTH, waker_of(&hundred)), OK);
	edge(4, GPIO_EDGE_FALLING);
	assert_int_equal(woken, 0);
	edge(4, GPIO_EDGE_RISING);
	edge(4, GPIO_EDGE_RISING);
	assert_int_equal(woken, 1);
	edge(40, GPIO_EDGE_FALLING);
	edge(40, GPIO_EDGE_RISING);
	assert_int_equal(woken, 101);
	assert_int_equal(gpio_watch(pins, 40, GPIO_EDGE_BOTH, waker_of(&hundred)), OK);
	edge(40, GPIO_EDGE_RISING);
	assert_int_equal(woken, 201);
}

static void an_edge_before_the_watch_does_not_count(void **state)
{
	unsigned one = 1;

	(void)state;
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_RISING, waker_of(&one)), OK);
	regs[GPIO_EVENT / 4] |= 1 << 4;
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_FALLING, waker_of(&one)), OK);
	assert_int_equal(regs[GPIO_EVENT / 4], 0);
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_NONE, waker_of(&one)), OK);
	edge(4, GPIO_EDGE_RISING);
	edge(4, GPIO_EDGE_FALLING);
	assert_int_equal(woken, 0);
}

/* An event of bits without pins does not end in memory that is not theirs. */
static void events_of_no_pin_wake_nobody(void **state)
{
	unsigned one = 1;

	(void)state;
	assert_int_equal(gpio_watch(pins, 53, GPIO_EDGE_RISING, waker_of(&one)), OK);
	regs[GPIO_EVENT / 4 + 1] |= UINT32_C(1) << 31;
	edge(53, GPIO_EDGE_RISING);
	assert_int_equal(woken, 1);
}

static void without_its_interrupt_nothing_is_watched(void **state)
{
	(void)state;
	enabling = ERR_UNSUPPORTED;
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_RISING, waker_of(&woken)), ERR_UNSUPPORTED);
	assert_int_equal(regs[GPIO_RISING / 4], 0);
	enabling = OK;
	assert_int_equal(gpio_watch(pins, 4, GPIO_EDGE_RISING, waker_of(&woken)), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_these_pins_get_the_function, set_up),
		cmocka_unit_test_setup(only_these_pins_get_the_pull, set_up),
		cmocka_unit_test_setup(pulls_of_the_bcm2711_are_in_a_word_of_16, set_up),
		cmocka_unit_test_setup(there_are_54_pins, set_up),
		cmocka_unit_test_setup(an_output_begins_with_its_level, set_up),
		cmocka_unit_test_setup(an_input_has_its_pull, set_up),
		cmocka_unit_test_setup(an_edge_wakes_once, set_up),
		cmocka_unit_test_setup(an_edge_before_the_watch_does_not_count, set_up),
		cmocka_unit_test_setup(events_of_no_pin_wake_nobody, set_up),
		cmocka_unit_test_setup(without_its_interrupt_nothing_is_watched, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
