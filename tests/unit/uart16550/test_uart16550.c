/* SPDX-License-Identifier: ISC */
/*
 * The 16550 driver against a small model of the device.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/uart/uart16550/uart16550.h"
#include "drivers/uart/uart16550/uart16550_regs.h"

enum { BASE = 0x3f8, LINE = 4, SENT_MAX = 256 };

/* The device. The transmitter empties whenever its status is read, unless it is stuck. */
static struct {
	bool has_fifo, stuck;
	uint8_t reg[8];
	uint8_t sent[SENT_MAX];
	unsigned n_sent, in_fifo, overflows, status_reads;
	const char *input;
	uint8_t input_errors;
	unsigned divisor;
} dev;

static uint8_t dev_read(uintptr_t base, unsigned reg)
{
	assert_int_equal(base, BASE);
	switch (reg) {
	case UART16550_DATA:
		return (uint8_t)(*dev.input != '\0' ? *dev.input++ : 0);
	case UART16550_IIR:
		return dev.has_fifo && (dev.reg[UART16550_FCR] & 1) != 0 ? UART16550_IIR_FIFO : 0;
	case UART16550_LSR:
		dev.status_reads++;
		if (!dev.stuck)
			dev.in_fifo = 0;
		return (uint8_t)((dev.in_fifo == 0 && !dev.stuck ? UART16550_LSR_THRE : 0) |
				 (*dev.input != '\0' ? UART16550_LSR_DATA : 0) | dev.input_errors);
	default:
		return dev.reg[reg];
	}
}

static void dev_write(uintptr_t base, unsigned reg, uint8_t value)
{
	assert_int_equal(base, BASE);
	bool divisor = (dev.reg[UART16550_LCR] & UART16550_LCR_DLAB) != 0;
	if (divisor && reg == UART16550_DATA) {
		dev.divisor = (dev.divisor & 0xff00) | value;
	} else if (divisor && reg == UART16550_IER) {
		dev.divisor = (dev.divisor & 0xff) | (unsigned)value << 8;
	} else if (reg == UART16550_DATA) {
		dev.overflows += dev.in_fifo >= (dev.has_fifo ? 16 : 1);
		dev.in_fifo++;
		assert_true(dev.n_sent < SENT_MAX);
		dev.sent[dev.n_sent++] = value;
	} else {
		dev.reg[reg] = value;
	}
}

static const struct uart16550_bus bus = {.read = dev_read, .write = dev_write};

static struct irq_line lines[8];
static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)trigger;
	assert_int_equal(line, LINE);
	return OK;
}
static const struct irq_chip_ops chip_ops = {.enable = enable};
static struct irq_chip chip;
static struct uart16550 u;
static unsigned wakes;

static void count_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static int setup(void **state)
{
	(void)state;
	memset(&dev, 0, sizeof(dev));
	memset(lines, 0, sizeof(lines));
	dev.has_fifo = true;
	dev.input = "";
	chip = (struct irq_chip){.ops = &chip_ops, .lines = lines, .n_lines = 8};
	u = (struct uart16550)UART16550_CONSOLE(&bus, BASE);
	u.uart.rx.wake = count_wake;
	wakes = 0;
	return 0;
}

static void expect_sent(const char *text)
{
	assert_int_equal(dev.n_sent, strlen(text));
	assert_memory_equal(dev.sent, text, strlen(text));
	assert_int_equal(dev.overflows, 0);
}

static void writes_before_it_is_initialised(void **state)
{
	(void)state;
	uart_write(&u.uart, "early", 5);
	expect_sent("early");
}

static void fills_the_fifo_with_one_look_at_the_status(void **state)
{
	static const char text[] = "0123456789abcdef0123456789abcdef!";
	(void)state;
	uart16550_init(&u, 0, 0);
	uart_write(&u.uart, text, strlen(text));
	expect_sent(text);
	assert_int_equal(dev.status_reads, 3);
}

static void writes_byte_by_byte_without_a_fifo(void **state)
{
	(void)state;
	dev.has_fifo = false;
	uart16550_init(&u, 0, 0);
	uart_write(&u.uart, "slow", 4);
	expect_sent("slow");
}

static void gives_up_on_a_stuck_transmitter(void **state)
{
	(void)state;
	uart16550_init(&u, 0, 0);
	dev.stuck = true;
	uart_write(&u.uart, "lost", 4);
	assert_int_equal(u.tx_lost, 4);
	assert_int_equal(dev.n_sent, 0);
}

static void sets_the_bit_rate_only_if_it_knows_the_clock(void **state)
{
	(void)state;
	uart16550_init(&u, 1843200, 115200);
	assert_int_equal(dev.divisor, 1);
	assert_int_equal(dev.reg[UART16550_LCR], UART16550_LCR_8N1);
	uart16550_init(&u, 24000000, 9600);
	assert_int_equal(dev.divisor, 156);
	uart16550_init(&u, 0, 9600);
	assert_int_equal(dev.divisor, 156);
}

static void input_wakes_once_and_is_read_whole(void **state)
{
	uint8_t bytes[8];
	(void)state;
	uart16550_init(&u, 0, 0);
	uart16550_set_irq(&u, &chip, LINE, IRQ_LEVEL_HIGH);
	assert_int_equal(uart_rx_start(&u.uart), OK);
	assert_int_equal(dev.reg[UART16550_IER], UART16550_IER_RX);

	dev.input = "hello, you";
	irq_chip_handle(&chip, LINE);
	assert_int_equal(wakes, 1);
	assert_int_equal(dev.reg[UART16550_IER], 0);
	assert_int_equal(uart_read(&u.uart, bytes, sizeof(bytes)), 8);
	assert_memory_equal(bytes, "hello, y", 8);
	assert_int_equal(dev.reg[UART16550_IER], 0);
	assert_int_equal(uart_read(&u.uart, bytes, sizeof(bytes)), 2);
	/* All is read: the next byte may interrupt again. */
	assert_int_equal(dev.reg[UART16550_IER], UART16550_IER_RX);
	assert_int_equal(uart_read(&u.uart, bytes, sizeof(bytes)), 0);
}

static void input_without_an_interrupt_is_polled(void **state)
{
	uint8_t byte;
	(void)state;
	uart16550_init(&u, 0, 0);
	assert_int_equal(uart_rx_start(&u.uart), ERR_UNSUPPORTED);
	dev.input = "x";
	assert_int_equal(uart_read(&u.uart, &byte, 1), 1);
	assert_int_equal(uart_read(&u.uart, &byte, 1), 0);
	assert_int_equal(dev.reg[UART16550_IER], 0);
}

static void errors_of_the_line_are_counted(void **state)
{
	uint8_t byte;
	(void)state;
	uart16550_init(&u, 0, 0);
	dev.input = "x";
	dev.input_errors = UART16550_LSR_FRAMING;
	assert_int_equal(uart_read(&u.uart, &byte, 1), 1);
	assert_int_equal(u.rx_errors, 1);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_before_it_is_initialised),
		TEST(fills_the_fifo_with_one_look_at_the_status),
		TEST(writes_byte_by_byte_without_a_fifo),
		TEST(gives_up_on_a_stuck_transmitter),
		TEST(sets_the_bit_rate_only_if_it_knows_the_clock),
		TEST(input_wakes_once_and_is_read_whole),
		TEST(input_without_an_interrupt_is_polled),
		TEST(errors_of_the_line_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
