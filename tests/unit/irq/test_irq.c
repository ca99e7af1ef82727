/* SPDX-License-Identifier: ISC */
/*
 * What all interrupt controllers do with a line, over one that only notes what is turned off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hal/irq.h"

enum { N_LINES = 8, LINE = 0, OTHER = 5 };

static struct irq_line lines[N_LINES];
static struct irq_chip chip;
static unsigned handled[N_LINES], turned_off[N_LINES];

static enum err enable(struct irq_chip *c, uint32_t line, enum irq_trigger trigger)
{
	(void)c;
	(void)line;
	(void)trigger;
	return OK;
}

static void disable(struct irq_chip *c, uint32_t line)
{
	(void)c;
	turned_off[line]++;
}

/* One whose device is not silenced by it. */
static void handler(void *arg)
{
	(*(unsigned *)arg)++;
}

static int setup(void **state)
{
	static const struct irq_chip_ops ops = {.enable = enable, .disable = disable};

	(void)state;
	memset(lines, 0, sizeof(lines));
	memset(handled, 0, sizeof(handled));
	memset(turned_off, 0, sizeof(turned_off));
	irq_storm = (struct irq_storm){.left = IRQ_STORM_MAX};
	chip = (struct irq_chip){.ops = &ops, .lines = lines, .n_lines = N_LINES - 1};
	assert_int_equal(irq_attach(&chip, LINE, IRQ_LEVEL_HIGH, handler, &handled[LINE]), OK);
	assert_int_equal(irq_attach(&chip, OTHER, IRQ_LEVEL_HIGH, handler, &handled[OTHER]), OK);
	return 0;
}

static void interrupts(uint32_t line, unsigned times)
{
	while (times-- > 0)
		irq_chip_handle(&chip, line);
}

static void a_line_that_never_ends_is_turned_off(void **state)
{
	(void)state;
	interrupts(LINE, IRQ_STORM_MAX - 1);
	assert_int_equal(turned_off[LINE], 0);
	assert_int_equal(irq_storm.off, 0);
	interrupts(LINE, 1);
	assert_int_equal(handled[LINE], IRQ_STORM_MAX);
	assert_int_equal(turned_off[LINE], 1);
	assert_int_equal(irq_storm.off, LINE + 1);
}

static void the_next_line_is_not_blamed_for_it(void **state)
{
	(void)state;
	interrupts(LINE, IRQ_STORM_MAX);
	interrupts(OTHER, IRQ_STORM_MAX);
	assert_int_equal(turned_off[OTHER], 0);
	assert_int_equal(irq_storm.off, LINE + 1);
	interrupts(OTHER, UINT16_MAX);
	assert_int_equal(turned_off[OTHER], 1);
}

static void what_the_loop_keeps_up_with_stays_on(void **state)
{
	(void)state;
	for (unsigned turn = 0; turn < 10; turn++) {
		irq_storm.left = IRQ_STORM_MAX;
		interrupts(LINE, IRQ_STORM_MAX - 1);
	}
	assert_int_equal(handled[LINE], 10 * (IRQ_STORM_MAX - 1));
	assert_int_equal(turned_off[LINE], 0);
}

static void a_line_without_a_handler_is_turned_off_at_once(void **state)
{
	(void)state;
	interrupts(3, 1);
	assert_int_equal(turned_off[3], 1);
	interrupts(N_LINES - 1, 1); /* behind the table */
	assert_int_equal(turned_off[N_LINES - 1], 1);
	assert_int_equal(irq_storm.off, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_line_that_never_ends_is_turned_off, setup),
		cmocka_unit_test_setup(the_next_line_is_not_blamed_for_it, setup),
		cmocka_unit_test_setup(what_the_loop_keeps_up_with_stays_on, setup),
		cmocka_unit_test_setup(a_line_without_a_handler_is_turned_off_at_once, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
