/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/uart/cmsdk_uart/cmsdk_uart.h"
#include "drivers/uart/cmsdk_uart/cmsdk_uart_regs.h"
#include "tests/unit/cmsdk/cmsdk_test.h"

enum {
	LINE = 3,
	CTRL_ON = CMSDK_UART_CTRL_TX | CMSDK_UART_CTRL_RX,
	CTRL_RX_INT = CTRL_ON | CMSDK_UART_CTRL_RX_INT
};

static _Alignas(8) uint32_t registers[16];
static struct cmsdk_uart u;
static struct irq_line lines[16];
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

static int setup(void **state)
{
	(void)state;
	memset(registers, 0, sizeof(registers));
	memset(lines, 0, sizeof(lines));
	u = (struct cmsdk_uart)CMSDK_UART_CONSOLE((uintptr_t)registers);
	cmsdk_uart_init(&u, 25000000, 115200);
	u.uart.rx.wake = count_wake;
	wakes = 0;
	return 0;
}

static void is_turned_on_at_its_rate(void **state)
{
	(void)state;
	assert_int_equal(registers[CMSDK_UART_CTRL / 4], CTRL_ON);
	assert_int_equal(registers[CMSDK_UART_BAUD_DIVISOR / 4], 217);
	cmsdk_uart_init(&u, 1000000, 1000000);
	assert_int_equal(registers[CMSDK_UART_BAUD_DIVISOR / 4], CMSDK_UART_BAUD_DIVISOR_MIN);
}

static void writes_bytes(void **state)
{
	(void)state;
	uart_write(&u.uart, "abc", 3);
	assert_int_equal(registers[CMSDK_UART_DATA / 4], 'c');
	assert_int_equal(u.tx_lost, 0);
}

static void one_that_takes_nothing_loses_bytes_and_not_time(void **state)
{
	(void)state;
	registers[CMSDK_UART_STATE / 4] = CMSDK_UART_STATE_TX_FULL;
	uart_write(&u.uart, "abc", 3);
	assert_int_equal(u.tx_lost, 3);
	registers[CMSDK_UART_STATE / 4] = 0;
	uart_write(&u.uart, "d", 1);
	assert_int_equal(u.tx_lost, 3);
	assert_int_equal(registers[CMSDK_UART_DATA / 4], 'd');
}

static void without_an_interrupt_it_only_writes(void **state)
{
	uint8_t byte;

	(void)state;
	registers[CMSDK_UART_STATE / 4] = CMSDK_UART_STATE_RX_FULL;
	assert_int_equal(uart_rx_start(&u.uart), ERR_UNSUPPORTED);
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
}

static void a_byte_wakes_and_is_read(void **state)
{
	uint8_t bytes[2];

	(void)state;
	cmsdk_uart_set_irq(&u, &chip, LINE);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_equal(registers[CMSDK_UART_CTRL / 4], CTRL_RX_INT);
	lines[LINE].handler(lines[LINE].arg);
	assert_int_equal(wakes, 1);
	assert_int_equal(registers[CMSDK_UART_CTRL / 4], CTRL_ON);
	assert_int_equal(registers[CMSDK_UART_INT / 4], CMSDK_UART_INT_RX);
	registers[CMSDK_UART_STATE / 4] = CMSDK_UART_STATE_RX_FULL;
	registers[CMSDK_UART_DATA / 4] = 'x';
	assert_int_equal(uart_read(&u.uart, bytes, 1), 1);
	assert_int_equal(bytes[0], 'x');
	/* It may interrupt again when nothing is left. */
	registers[CMSDK_UART_STATE / 4] = 0;
	assert_int_equal(uart_read(&u.uart, bytes, 2), 0);
	assert_int_equal(registers[CMSDK_UART_CTRL / 4], CTRL_RX_INT);
}

int run_uart_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(is_turned_on_at_its_rate, setup),
		cmocka_unit_test_setup(writes_bytes, setup),
		cmocka_unit_test_setup(one_that_takes_nothing_loses_bytes_and_not_time, setup),
		cmocka_unit_test_setup(without_an_interrupt_it_only_writes, setup),
		cmocka_unit_test_setup(a_byte_wakes_and_is_read, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
