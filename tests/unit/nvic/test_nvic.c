/* SPDX-License-Identifier: ISC */
/*
 * The NVIC with registers in ordinary memory, which keep the last value written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The processor is the test's own. */
#define ARCH_ARM_EXCEPTION_H

static uint32_t running;

static uint32_t arm_exception_running(void)
{
	return running;
}

#include "drivers/irq/nvic/nvic.c"

enum { LINE = 13, PRIORITY = 0x80 };

static _Alignas(8) uint8_t scs[4096];
static struct nvic nvic;
static struct irq_chip *const chip = &nvic.chip;
static unsigned handled;

static uint32_t *reg(unsigned offset)
{
	return (uint32_t *)(void *)(scs + offset);
}

static void handler(void *arg)
{
	(void)arg;
	handled++;
}

static int setup(void **state)
{
	(void)state;
	memset(scs, 0, sizeof(scs));
	handled = 0;
	nvic_init(&nvic, (uintptr_t)scs, PRIORITY);
	return 0;
}

static void begins_with_every_line_off_and_nothing_pending(void **state)
{
	(void)state;
	assert_int_equal(*reg(NVIC_ICER(0)), UINT32_MAX);
	assert_int_equal(*reg(NVIC_ICPR(0)), UINT32_MAX);
	assert_int_equal(*reg(NVIC_ISER(0)), 0);
}

static void a_line_gets_its_priority_before_it_is_on(void **state)
{
	(void)state;
	assert_int_equal(irq_attach(chip, LINE, IRQ_LEVEL_HIGH, handler, NULL), OK);
	assert_int_equal(scs[NVIC_IPR(LINE)], PRIORITY);
	assert_int_equal(*reg(NVIC_ISER(0)), 1u << LINE);
	irq_detach(chip, LINE);
	assert_int_equal(*reg(NVIC_ICER(0)), 1u << LINE);
}

static void the_running_exception_is_handled(void **state)
{
	(void)state;
	assert_int_equal(irq_attach(chip, LINE, IRQ_EDGE_RISING, handler, NULL), OK);
	running = 16 + LINE;
	irq_chip_dispatch(chip);
	assert_int_equal(handled, 1);
}

static void a_line_without_a_handler_is_turned_off(void **state)
{
	(void)state;
	*reg(NVIC_ICER(0)) = 0;
	running = 16 + 5;
	irq_chip_dispatch(chip);
	assert_int_equal(*reg(NVIC_ICER(0)), 1u << 5);
}

static void what_is_no_line_is_ignored(void **state)
{
	(void)state;
	*reg(NVIC_ICER(0)) = 0;
	running = 15; /* SysTick */
	irq_chip_dispatch(chip);
	running = 16 + NVIC_LINES;
	irq_chip_dispatch(chip);
	assert_int_equal(*reg(NVIC_ICER(0)), 0);
	assert_int_equal(irq_attach(chip, NVIC_LINES, IRQ_LEVEL_HIGH, handler, NULL), ERR_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(begins_with_every_line_off_and_nothing_pending, setup),
		cmocka_unit_test_setup(a_line_gets_its_priority_before_it_is_on, setup),
		cmocka_unit_test_setup(the_running_exception_is_handled, setup),
		cmocka_unit_test_setup(a_line_without_a_handler_is_turned_off, setup),
		cmocka_unit_test_setup(what_is_no_line_is_ignored, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
