/* SPDX-License-Identifier: ISC */
#include "drivers/uart/cadence_uart/cadence_uart.h"

#include "drivers/uart/cadence_uart/cadence_uart_regs.h"
#include "drivers/uart/polled/uart_polled.h"

enum { SAMPLES = 7 }; /* of a bit: at 100 MHz and 115200 baud off by 0.006 % */

static struct cadence_uart *uart_of(struct uart *u)
{
	return container_of(u, struct cadence_uart, uart);
}

static uint32_t read_reg(const struct cadence_uart *u, uint32_t offset)
{
	return mmio_read32(u->base + offset);
}

static void write_reg(const struct cadence_uart *u, uint32_t offset, uint32_t value)
{
	mmio_write32(u->base + offset, value);
}

static void cadence_uart_write(struct uart *uart, const void *bytes, size_t len)
{
	struct cadence_uart *u = uart_of(uart);
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		uart_polled_put(u->base + CADENCE_UART_STATE, CADENCE_UART_STATE_FULL,
				u->base + CADENCE_UART_FIFO, p[i], &u->stuck, &u->tx_lost);
}

static bool has_byte(const struct cadence_uart *u)
{
	return (read_reg(u, CADENCE_UART_STATE) & CADENCE_UART_STATE_EMPTY) == 0;
}

static void count_overrun(struct cadence_uart *u)
{
	if ((read_reg(u, CADENCE_UART_INT_STATUS) & CADENCE_UART_INT_OVERRUN) == 0)
		return;
	u->rx_overrun++;
	write_reg(u, CADENCE_UART_INT_STATUS, CADENCE_UART_INT_OVERRUN);
}

static size_t cadence_uart_read(struct uart *uart, void *bytes, size_t max)
{
	struct cadence_uart *u = uart_of(uart);
	uint8_t *p = bytes;
	size_t n = 0;

	count_overrun(u);
	while (n < max && has_byte(u))
		p[n++] = (uint8_t)read_reg(u, CADENCE_UART_FIFO);
	if (n < max && u->rx_started) {
		/* Emptied: the next byte may interrupt. One that came meanwhile wakes at once. */
		write_reg(u, CADENCE_UART_INT_STATUS, CADENCE_UART_INT_RX);
		write_reg(u, CADENCE_UART_INT_ENABLE, CADENCE_UART_INT_RX);
		if (has_byte(u))
			waker_wake(&u->uart.rx);
	}
	return n;
}

/* The device stays silent until what it has received was read. */
static void rx_interrupt(void *arg)
{
	struct cadence_uart *u = arg;

	write_reg(u, CADENCE_UART_INT_DISABLE, UINT32_MAX);
	write_reg(u, CADENCE_UART_INT_STATUS, CADENCE_UART_INT_RX);
	waker_wake(&u->uart.rx);
}

static enum err cadence_uart_rx_start(struct uart *uart)
{
	struct cadence_uart *u = uart_of(uart);
	enum err e;

	if (u->rx_started)
		return OK;
	e = irq_attach(u->chip, u->line, IRQ_LEVEL_HIGH, rx_interrupt, u);
	if (e != OK)
		return e;
	u->rx_started = true;
	write_reg(u, CADENCE_UART_RX_LEVEL, 1);
	write_reg(u, CADENCE_UART_INT_STATUS, CADENCE_UART_INT_RX);
	write_reg(u, CADENCE_UART_INT_ENABLE, CADENCE_UART_INT_RX);
	return OK;
}

void cadence_uart_init(struct cadence_uart *u, uint32_t clock_hz, uint32_t baud)
{
	uint32_t divisor = clock_hz / (SAMPLES * MAX(baud, 1u));

	write_reg(u, CADENCE_UART_INT_DISABLE, UINT32_MAX);
	if (clock_hz != 0) {
		write_reg(u, CADENCE_UART_CONTROL,
			  CADENCE_UART_CONTROL_TX_OFF | CADENCE_UART_CONTROL_RX_OFF);
		write_reg(u, CADENCE_UART_BAUD, MAX(1u, MIN(divisor, CADENCE_UART_BAUD_MAX)));
		write_reg(u, CADENCE_UART_SAMPLES, SAMPLES - 1);
	}
	write_reg(u, CADENCE_UART_MODE, CADENCE_UART_MODE_8N1);
	write_reg(u, CADENCE_UART_CONTROL, CADENCE_UART_CONTROL_TX | CADENCE_UART_CONTROL_RX);
}

const struct uart_ops cadence_uart_output_ops = {
	.write = cadence_uart_write,
	.read = uart_no_bytes,
	.rx_start = uart_no_interrupt,
};

void cadence_uart_set_irq(struct cadence_uart *u, struct irq_chip *chip, uint32_t line)
{
	static const struct uart_ops ops = {
		.write = cadence_uart_write,
		.read = cadence_uart_read,
		.rx_start = cadence_uart_rx_start,
	};

	u->uart.ops = &ops;
	u->chip = chip;
	u->line = line;
}
