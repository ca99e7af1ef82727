/* SPDX-License-Identifier: ISC */
/*
 * The controllers of the BCM2836 with registers in ordinary memory, which keep the last value
 * written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq_regs.h"

static _Alignas(8) uint8_t armctrl[64], local[256];
static struct bcm2836_irq controller;
static struct irq_chip *const chip = &controller.chip;
static unsigned handled[BCM2836_LINES];

static uint32_t *reg(uint8_t *block, unsigned offset)
{
	return (uint32_t *)(void *)(block + offset);
}

static void handler(void *arg)
{
	(*(unsigned *)arg)++;
}

static void attach(uint32_t line)
{
	assert_int_equal(irq_attach(chip, line, IRQ_LEVEL_HIGH, handler, &handled[line]), OK);
}

static int setup(void **state)
{
	(void)state;
	memset(armctrl, 0xff, sizeof(armctrl));
	memset(local, 0xff, sizeof(local));
	memset(handled, 0, sizeof(handled));
	bcm2836_irq_init(&controller, (uintptr_t)armctrl, (uintptr_t)local);
	memset(armctrl, 0, sizeof(armctrl));
	*reg(local, LOCAL_IRQ_SOURCE) = 0;
	return 0;
}

static void begins_with_every_line_off_and_the_peripherals_at_core_0(void **state)
{
	(void)state;
	memset(armctrl, 0, sizeof(armctrl));
	memset(local, 0xff, sizeof(local));
	bcm2836_irq_init(&controller, (uintptr_t)armctrl, (uintptr_t)local);
	assert_int_equal(*reg(armctrl, ARMCTRL_DISABLE(0)), UINT32_MAX);
	assert_int_equal(*reg(armctrl, ARMCTRL_DISABLE(1)), UINT32_MAX);
	assert_int_equal(*reg(armctrl, ARMCTRL_DISABLE_BASIC), UINT32_MAX);
	assert_int_equal(*reg(local, LOCAL_GPU_ROUTING), 0);
	assert_int_equal(*reg(local, LOCAL_TIMER_CONTROL), 0);
}

static void each_kind_of_line_has_its_register(void **state)
{
	(void)state;
	attach(BCM2836_USB);
	attach(BCM2836_UART);
	attach(BCM2836_BASIC + 1);
	attach(BCM2836_TIMER_VIRTUAL);
	assert_int_equal(*reg(armctrl, ARMCTRL_ENABLE(0)), 1u << 9);
	assert_int_equal(*reg(armctrl, ARMCTRL_ENABLE(1)), 1u << 25);
	assert_int_equal(*reg(armctrl, ARMCTRL_ENABLE_BASIC), 1u << 1);
	assert_int_equal(*reg(local, LOCAL_TIMER_CONTROL), 1u << 3);
	irq_detach(chip, BCM2836_UART);
	irq_detach(chip, BCM2836_TIMER_VIRTUAL);
	assert_int_equal(*reg(armctrl, ARMCTRL_DISABLE(1)), 1u << 25);
	assert_int_equal(*reg(local, LOCAL_TIMER_CONTROL), 0);
}

static void what_it_cannot_do_is_refused(void **state)
{
	(void)state;
	assert_int_equal(irq_attach(chip, BCM2836_UART, IRQ_EDGE_RISING, handler, NULL),
			 ERR_UNSUPPORTED);
	/* Of the core's lines only the timers have a switch here. */
	assert_int_equal(irq_attach(chip, BCM2836_LOCAL + 4, IRQ_LEVEL_HIGH, handler, NULL),
			 ERR_RANGE);
	assert_int_equal(irq_attach(chip, BCM2836_LINES, IRQ_LEVEL_HIGH, handler, NULL), ERR_RANGE);
}

static void all_that_is_pending_is_handled_at_once(void **state)
{
	(void)state;
	attach(BCM2836_USB);
	attach(BCM2836_UART);
	attach(BCM2836_EMMC);
	attach(BCM2836_BASIC + 1);
	attach(BCM2836_TIMER_VIRTUAL);
	*reg(local, LOCAL_IRQ_SOURCE) = 1u << 3 | 1u << LOCAL_SOURCE_GPU;
	*reg(armctrl, ARMCTRL_PENDING(0)) = 1u << 9;
	*reg(armctrl, ARMCTRL_PENDING(1)) = 1u << 25 | 1u << 30;
	/* Bit 19 repeats the UART's line: it is not handled twice. */
	*reg(armctrl, ARMCTRL_BASIC_PENDING) = 1u << 1 | 1u << 8 | 1u << 9 | 1u << 19;
	irq_chip_dispatch(chip);
	assert_int_equal(handled[BCM2836_USB], 1);
	assert_int_equal(handled[BCM2836_UART], 1);
	assert_int_equal(handled[BCM2836_EMMC], 1);
	assert_int_equal(handled[BCM2836_BASIC + 1], 1);
	assert_int_equal(handled[BCM2836_TIMER_VIRTUAL], 1);
}

static void the_timer_alone_does_not_ask_the_other_controller(void **state)
{
	(void)state;
	attach(BCM2836_UART);
	attach(BCM2836_TIMER_VIRTUAL);
	*reg(local, LOCAL_IRQ_SOURCE) = 1u << 3;
	*reg(armctrl, ARMCTRL_PENDING(1)) = 1u << 25;
	irq_chip_dispatch(chip);
	assert_int_equal(handled[BCM2836_TIMER_VIRTUAL], 1);
	assert_int_equal(handled[BCM2836_UART], 0);
}

static void a_line_without_a_handler_is_turned_off(void **state)
{
	(void)state;
	*reg(local, LOCAL_IRQ_SOURCE) = 1u << LOCAL_SOURCE_GPU;
	*reg(armctrl, ARMCTRL_PENDING(0)) = 1u << 5;
	irq_chip_dispatch(chip);
	assert_int_equal(*reg(armctrl, ARMCTRL_DISABLE(0)), 1u << 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(begins_with_every_line_off_and_the_peripherals_at_core_0,
				       setup),
		cmocka_unit_test_setup(each_kind_of_line_has_its_register, setup),
		cmocka_unit_test_setup(what_it_cannot_do_is_refused, setup),
		cmocka_unit_test_setup(all_that_is_pending_is_handled_at_once, setup),
		cmocka_unit_test_setup(the_timer_alone_does_not_ask_the_other_controller, setup),
		cmocka_unit_test_setup(a_line_without_a_handler_is_turned_off, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
