/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/timer/cmsdk_timer/cmsdk_timer.h"
#include "drivers/timer/cmsdk_timer/cmsdk_timer_regs.h"
#include "tests/unit/cmsdk/cmsdk_test.h"

enum { CLOCK_LINE = 10, ALARM_LINE = 8, TICKS_PER_US = 25 };

static _Alignas(8) uint32_t dual[16], apb[16];
static struct irq_line lines[16];
static struct cmsdk_timer t;
static unsigned wakes;

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)line;
	(void)trigger;
	return OK;
}

static const struct irq_chip_ops chip_ops = {.enable = enable};
static struct irq_chip chip = {.ops = &chip_ops, .lines = lines, .n_lines = 16};

static void count_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void interrupt_of(uint32_t line)
{
	lines[line].handler(lines[line].arg);
}

/* `ticks` after the start, of which the clock shows the lower 32 bits. */
static void set_clock(uint32_t ticks)
{
	dual[CMSDK_DUAL_VALUE / 4] = UINT32_MAX - ticks;
}

static int setup(void **state)
{
	const struct cmsdk_timer_place place = {.clock = (uintptr_t)dual,
						.alarm = (uintptr_t)apb,
						.clock_line = CLOCK_LINE,
						.alarm_line = ALARM_LINE,
						.hz = TICKS_PER_US * US_PER_S};

	(void)state;
	memset(dual, 0, sizeof(dual));
	memset(apb, 0, sizeof(apb));
	memset(lines, 0, sizeof(lines));
	cmsdk_timer_begin((uintptr_t)dual);
	set_clock(0);
	assert_int_equal(cmsdk_timer_init(&t, &place, &chip), OK);
	t.timer.alarm.wake = count_wake;
	wakes = 0;
	return 0;
}

static void the_clock_runs_free_and_says_when_it_wraps(void **state)
{
	(void)state;
	assert_int_equal(dual[CMSDK_DUAL_CTRL / 4], CMSDK_DUAL_CTRL_32_BITS | CMSDK_DUAL_CTRL_INT |
							    CMSDK_DUAL_CTRL_PERIODIC |
							    CMSDK_DUAL_CTRL_ENABLE);
	assert_int_equal(dual[CMSDK_DUAL_LOAD / 4], UINT32_MAX);
}

static void time_is_in_microseconds(void **state)
{
	(void)state;
	set_clock(1000 * TICKS_PER_US + TICKS_PER_US / 2);
	assert_in_range(timer_now_us(&t.timer), 1000, 1000);
}

static void time_goes_on_when_the_clock_wraps(void **state)
{
	const uint64_t wrap_us = (UINT64_C(1) << 32) / TICKS_PER_US;

	(void)state;
	set_clock(UINT32_MAX);
	uint64_t before_us = timer_now_us(&t.timer);
	/* Wrapped, and nobody has handled the interrupt yet. */
	set_clock(10 * TICKS_PER_US);
	dual[CMSDK_DUAL_INT / 4] = 1;
	uint64_t after_us = timer_now_us(&t.timer);
	assert_in_range(after_us, wrap_us + 9, wrap_us + 10);
	assert_true(after_us > before_us);
	/* … and handled. */
	dual[CMSDK_DUAL_INT_CLEAR / 4] = 0;
	interrupt_of(CLOCK_LINE);
	assert_int_equal(dual[CMSDK_DUAL_INT_CLEAR / 4], 1);
	dual[CMSDK_DUAL_INT / 4] = 0;
	assert_int_equal(timer_now_us(&t.timer), after_us);
	/* Nobody asked between two interrupts: each is a wrap. */
	set_clock(5 * TICKS_PER_US);
	interrupt_of(CLOCK_LINE);
	assert_in_range(timer_now_us(&t.timer), 2 * wrap_us + 4, 2 * wrap_us + 6);
}

static void the_alarm_counts_down_to_its_deadline(void **state)
{
	(void)state;
	set_clock(1000 * TICKS_PER_US);
	timer_arm(&t.timer, 3000);
	assert_in_range(apb[CMSDK_TIMER_VALUE / 4], 2000 * TICKS_PER_US, 2002 * TICKS_PER_US);
	assert_int_equal(apb[CMSDK_TIMER_CTRL / 4], CMSDK_TIMER_CTRL_ENABLE | CMSDK_TIMER_CTRL_INT);
	interrupt_of(ALARM_LINE);
	assert_int_equal(wakes, 1);
	assert_int_equal(apb[CMSDK_TIMER_CTRL / 4], 0);
	assert_int_equal(apb[CMSDK_TIMER_INT / 4], 1);
}

static void what_is_past_comes_at_the_next_tick_and_what_is_far_early(void **state)
{
	(void)state;
	set_clock(1000 * TICKS_PER_US);
	timer_arm(&t.timer, 999);
	assert_int_equal(apb[CMSDK_TIMER_VALUE / 4], 1);
	timer_arm(&t.timer, UINT64_MAX - 1);
	assert_int_equal(apb[CMSDK_TIMER_VALUE / 4], UINT32_MAX);
	timer_arm(&t.timer, TIME_NEVER);
	assert_int_equal(apb[CMSDK_TIMER_CTRL / 4], 0);
}

int run_timer_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_clock_runs_free_and_says_when_it_wraps, setup),
		cmocka_unit_test_setup(time_is_in_microseconds, setup),
		cmocka_unit_test_setup(time_goes_on_when_the_clock_wraps, setup),
		cmocka_unit_test_setup(the_alarm_counts_down_to_its_deadline, setup),
		cmocka_unit_test_setup(what_is_past_comes_at_the_next_tick_and_what_is_far_early,
				       setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
