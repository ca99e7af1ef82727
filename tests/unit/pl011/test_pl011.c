/* SPDX-License-Identifier: ISC */
/*
 * The PL011 and the PL031 with registers in ordinary memory: they keep the value that a test, or
 * the driver, wrote last. So a device can be played that never gets ready.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/rtc/pl031/pl031.h"
#include "drivers/rtc/pl031/pl031_regs.h"
#include "drivers/uart/pl011/pl011.h"
#include "drivers/uart/pl011/pl011_regs.h"

enum { LINE = 33 };

static _Alignas(8) uint32_t registers[1024];
static struct pl011 u;
static struct irq_line lines[64];
static unsigned wakes;

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)line;
	(void)trigger;
	return OK;
}

static const struct irq_chip_ops chip_ops = {.enable = enable};
static struct irq_chip chip = {.ops = &chip_ops, .lines = lines, .n_lines = 64};

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
	registers[PL011_FR / 4] = PL011_FR_RX_EMPTY;
	pl011_init(&u, (uintptr_t)registers, 0, 0);
	pl011_set_irq(&u, &chip, LINE, IRQ_LEVEL_HIGH);
	u.uart.rx.wake = count_wake;
	wakes = 0;
	return 0;
}

static void writes_bytes(void **state)
{
	(void)state;
	uart_write(&u.uart, "abc", 3);
	assert_int_equal(registers[PL011_DR / 4], 'c');
	assert_int_equal(u.tx_lost, 0);
}

static void gives_up_on_a_transmitter_that_is_stuck(void **state)
{
	(void)state;
	registers[PL011_FR / 4] = PL011_FR_TX_FULL;
	for (int i = 0; i < 100; i++)
		uart_write(&u.uart, "0123456789", 10);
	assert_int_equal(u.tx_lost, 1000);
	registers[PL011_FR / 4] = 0;
	uart_write(&u.uart, "x", 1);
	assert_int_equal(registers[PL011_DR / 4], 'x');
	assert_int_equal(u.tx_lost, 1000);
}

static void reads_nothing_from_an_empty_device(void **state)
{
	uint8_t byte;

	(void)state;
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
}

static void reads_no_more_than_asked_for(void **state)
{
	uint8_t bytes[4] = {0};

	(void)state;
	registers[PL011_FR / 4] = 0;
	registers[PL011_DR / 4] = 'q';
	assert_int_equal(uart_read(&u.uart, bytes, 3), 3);
	assert_memory_equal(bytes, "qqq", 4);
}

static void drops_damaged_bytes_without_staying(void **state)
{
	uint8_t bytes[8];

	(void)state;
	registers[PL011_FR / 4] = 0;
	registers[PL011_DR / 4] = 'q' | PL011_DR_FRAMING;
	assert_int_equal(uart_read(&u.uart, bytes, 8), 0);
	assert_int_equal(u.rx_errors, 8);
}

static void interrupts_once_until_it_was_read(void **state)
{
	uint8_t byte;

	(void)state;
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_not_equal(registers[PL011_IMSC / 4], 0);
	irq_chip_handle(&chip, LINE);
	assert_int_equal(wakes, 1);
	assert_int_equal(registers[PL011_IMSC / 4], 0);
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
	assert_int_not_equal(registers[PL011_IMSC / 4], 0);
}

static void has_no_interrupt_unless_told(void **state)
{
	struct pl011 early = PL011_CONSOLE(0);
	uint8_t byte;

	(void)state;
	assert_int_equal(uart_read(&early.uart, &byte, 1), 0);
	assert_int_equal(uart_rx_start(&early.uart), ERR_UNSUPPORTED);
}

static void sets_the_bit_rate_if_it_knows_the_clock(void **state)
{
	(void)state;
	/* 3.3.6 of the manual: 4 MHz, 230400 baud: 1 and 5/64. */
	pl011_init(&u, (uintptr_t)registers, 4000000, 230400);
	assert_int_equal(registers[PL011_IBRD / 4], 1);
	assert_int_equal(registers[PL011_FBRD / 4], 5);
}

static void leaves_the_bit_rate_if_it_does_not(void **state)
{
	(void)state;
	registers[PL011_IBRD / 4] = 77;
	pl011_init(&u, (uintptr_t)registers, 0, 115200);
	assert_int_equal(registers[PL011_IBRD / 4], 77);
}

static void clock_tells_unix_time(void **state)
{
	struct pl031 rtc;
	uint64_t now = 0;

	(void)state;
	assert_int_equal(pl031_init(&rtc, (uintptr_t)registers), ERR_NODEV);
	registers[PL031_PERIPH_ID0 / 4] = 0x31;
	registers[PL031_PERIPH_ID1 / 4] = 0x10;
	assert_int_equal(pl031_init(&rtc, (uintptr_t)registers), OK);
	registers[PL031_DR / 4] = 1700000000;
	assert_int_equal(clock_read(&rtc.clock, &now), OK);
	assert_int_equal(now, 1700000000);
	registers[PL031_DR / 4] = 12; /* never set: seconds since power-on */
	assert_int_equal(clock_read(&rtc.clock, &now), ERR_NOTREADY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(writes_bytes, setup),
		cmocka_unit_test_setup(gives_up_on_a_transmitter_that_is_stuck, setup),
		cmocka_unit_test_setup(reads_nothing_from_an_empty_device, setup),
		cmocka_unit_test_setup(reads_no_more_than_asked_for, setup),
		cmocka_unit_test_setup(drops_damaged_bytes_without_staying, setup),
		cmocka_unit_test_setup(interrupts_once_until_it_was_read, setup),
		cmocka_unit_test_setup(has_no_interrupt_unless_told, setup),
		cmocka_unit_test_setup(sets_the_bit_rate_if_it_knows_the_clock, setup),
		cmocka_unit_test_setup(leaves_the_bit_rate_if_it_does_not, setup),
		cmocka_unit_test_setup(clock_tells_unix_time, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
