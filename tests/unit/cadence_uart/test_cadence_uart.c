/* SPDX-License-Identifier: ISC */
/*
 * The driver of Cadence's UART over registers with FIFOs behind them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/mmio_fake.h"

#include "drivers/uart/cadence_uart/cadence_uart.c"

enum { BASE = 0xff000000, LINE = 3, FIFO = 64, READS_BOUND = 1000000 };

static uint32_t regs[0x40 / 4];
static uint8_t sent[256], received[FIFO];
static unsigned n_sent, n_received, reads, wakes;
static uint32_t int_enabled, int_status;
static bool is_full, never_empties; /* a transmitter that hangs, a receiver that lies */
static struct cadence_uart u;
static struct irq_line lines[16];

static uint32_t state_bits(void)
{
	return (is_full ? CADENCE_UART_STATE_FULL : 0) |
	       (n_received == 0 && !never_empties ? CADENCE_UART_STATE_EMPTY : 0);
}

static uint32_t take_byte(void)
{
	uint8_t byte = received[0];

	if (n_received > 0)
		memmove(received, received + 1, --n_received);
	return byte;
}

uint32_t fake_read(uintptr_t address)
{
	assert_in_range(address, BASE, BASE + 0x3f);
	if (++reads > READS_BOUND)
		fail_msg("it would wait for ever");
	switch (address - BASE) {
	case CADENCE_UART_STATE:
		return state_bits();
	case CADENCE_UART_FIFO:
		return take_byte();
	case CADENCE_UART_INT_STATUS:
		return int_status;
	default:
		return regs[(address - BASE) / 4];
	}
}

void fake_write(uintptr_t address, uint32_t value)
{
	assert_in_range(address, BASE, BASE + 0x3f);
	switch (address - BASE) {
	case CADENCE_UART_FIFO:
		assert_true(n_sent < sizeof(sent));
		/* What is written to a full FIFO, or one that is off, is lost. */
		assert_false(is_full);
		assert_true((regs[CADENCE_UART_CONTROL / 4] & CADENCE_UART_CONTROL_TX) != 0);
		sent[n_sent++] = (uint8_t)value;
		break;
	case CADENCE_UART_INT_ENABLE:
		int_enabled |= value;
		break;
	case CADENCE_UART_INT_DISABLE:
		int_enabled &= ~value;
		break;
	case CADENCE_UART_INT_STATUS:
		int_status &= ~value;
		break;
	default:
		regs[(address - BASE) / 4] = value;
	}
}

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert_int_equal(line, LINE);
	assert_int_equal(trigger, IRQ_LEVEL_HIGH);
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
	memset(regs, 0, sizeof(regs));
	memset(lines, 0, sizeof(lines));
	regs[CADENCE_UART_CONTROL / 4] = 0x128; /* off, as after a reset */
	n_sent = n_received = reads = wakes = 0;
	int_enabled = UINT32_MAX; /* as whoever was here before has left it */
	int_status = 0;
	is_full = never_empties = false;
	u = (struct cadence_uart)CADENCE_UART_CONSOLE(BASE);
	cadence_uart_init(&u, 100000000, 115200);
	u.uart.rx.wake = count_wake;
	return 0;
}

/* A byte comes by the wire, and interrupts if it may. */
static void receive(uint8_t byte)
{
	received[n_received++] = byte;
	int_status |= CADENCE_UART_INT_RX;
	if ((int_enabled & int_status) != 0)
		lines[LINE].handler(lines[LINE].arg);
}

static void is_turned_on_at_its_rate_without_interrupts(void **state)
{
	uint32_t divisor = regs[CADENCE_UART_BAUD / 4] * (regs[CADENCE_UART_SAMPLES / 4] + 1);

	(void)state;
	assert_int_equal(regs[CADENCE_UART_CONTROL / 4],
			 CADENCE_UART_CONTROL_TX | CADENCE_UART_CONTROL_RX);
	assert_int_equal(regs[CADENCE_UART_MODE / 4], CADENCE_UART_MODE_8N1);
	assert_in_range(100000000 / divisor, 115200 - 576, 115200 + 576); /* half a percent */
	assert_int_equal(int_enabled, 0);
}

static void a_rate_that_nobody_gives_stays_as_it_is(void **state)
{
	(void)state;
	regs[CADENCE_UART_BAUD / 4] = 77;
	cadence_uart_init(&u, 0, 0);
	assert_int_equal(regs[CADENCE_UART_BAUD / 4], 77);
	uart_write(&u.uart, "x", 1);
	assert_int_equal(n_sent, 1);
}

static void rates_that_it_cannot_have(void **state)
{
	(void)state;
	cadence_uart_init(&u, 1000, 115200);
	assert_int_equal(regs[CADENCE_UART_BAUD / 4], 1);
	cadence_uart_init(&u, 100000000, 1);
	assert_int_equal(regs[CADENCE_UART_BAUD / 4], CADENCE_UART_BAUD_MAX);
}

static void writes_bytes(void **state)
{
	(void)state;
	uart_write(&u.uart, "a\0c", 3);
	assert_int_equal(n_sent, 3);
	assert_memory_equal(sent, "a\0c", 3);
}

static void one_that_takes_nothing_loses_bytes_and_not_time(void **state)
{
	(void)state;
	is_full = true;
	uart_write(&u.uart, "abcdefgh", 8);
	assert_int_equal(u.tx_lost, 8);
	assert_in_range(reads, 1, 200000); /* one long wait, not eight */
	is_full = false;
	uart_write(&u.uart, "x", 1);
	assert_int_equal(u.tx_lost, 8);
	assert_int_equal(sent[0], 'x');
}

static void without_an_interrupt_it_only_writes(void **state)
{
	uint8_t byte;

	(void)state;
	received[n_received++] = 'x';
	assert_int_equal(uart_rx_start(&u.uart), ERR_UNSUPPORTED);
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
}

static void bytes_wake_once_and_are_read(void **state)
{
	uint8_t bytes[8];

	(void)state;
	cadence_uart_set_irq(&u, &chip, LINE);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_equal(regs[CADENCE_UART_RX_LEVEL / 4], 1);
	receive('x');
	receive('y');
	receive('z');
	assert_int_equal(wakes, 1); /* silent until it was read */
	assert_int_equal(uart_read(&u.uart, bytes, 2), 2);
	assert_memory_equal(bytes, "xy", 2);
	assert_int_equal(int_enabled, 0);
	assert_int_equal(uart_read(&u.uart, bytes, 8), 1);
	receive('w');
	assert_int_equal(wakes, 2);
}

static void a_byte_between_the_last_read_and_the_interrupt_wakes(void **state)
{
	uint8_t byte;

	(void)state;
	cadence_uart_set_irq(&u, &chip, LINE);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
	never_empties = true;
	/* It says that it has bytes for ever: as many as there is room for, and a wake. */
	assert_int_equal(uart_read(&u.uart, &byte, 1), 1);
	never_empties = false;
	receive('x');
	assert_int_equal(wakes, 1);
}

static void overruns_are_counted_once_each(void **state)
{
	uint8_t bytes[4];

	(void)state;
	cadence_uart_set_irq(&u, &chip, LINE);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	int_status |= CADENCE_UART_INT_OVERRUN;
	assert_int_equal(uart_read(&u.uart, bytes, 4), 0);
	assert_int_equal(uart_read(&u.uart, bytes, 4), 0);
	assert_int_equal(u.rx_overrun, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(is_turned_on_at_its_rate_without_interrupts),
		TEST(a_rate_that_nobody_gives_stays_as_it_is),
		TEST(rates_that_it_cannot_have),
		TEST(writes_bytes),
		TEST(one_that_takes_nothing_loses_bytes_and_not_time),
		TEST(without_an_interrupt_it_only_writes),
		TEST(bytes_wake_once_and_are_read),
		TEST(a_byte_between_the_last_read_and_the_interrupt_wakes),
		TEST(overruns_are_counted_once_each),
	};
	return cmocka_run_group_tests_name("cadence_uart", tests, NULL, NULL);
}
