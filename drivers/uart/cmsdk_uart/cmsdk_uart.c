/* SPDX-License-Identifier: ISC */
#include "drivers/uart/cmsdk_uart/cmsdk_uart.h"

#include "drivers/uart/cmsdk_uart/cmsdk_uart_regs.h"
#include "drivers/uart/polled/uart_polled.h"

static struct cmsdk_uart *uart_of(struct uart *u)
{
	return container_of(u, struct cmsdk_uart, uart);
}

static void cmsdk_uart_write(struct uart *uart, const void *bytes, size_t len)
{
	struct cmsdk_uart *u = uart_of(uart);
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		uart_polled_put(u->base + CMSDK_UART_STATE, CMSDK_UART_STATE_TX_FULL,
				u->base + CMSDK_UART_DATA, p[i], &u->stuck, &u->tx_lost);
}

static void interrupt_on_rx(const struct cmsdk_uart *u, bool on)
{
	const uint32_t always = CMSDK_UART_CTRL_TX | CMSDK_UART_CTRL_RX;

	mmio_write32(u->base + CMSDK_UART_CTRL, always | (on ? CMSDK_UART_CTRL_RX_INT : 0));
}

static size_t cmsdk_uart_read(struct uart *uart, void *bytes, size_t max)
{
	struct cmsdk_uart *u = uart_of(uart);
	uint8_t *p = bytes;
	size_t n = 0;
	uint32_t state;

	while (n < max) {
		state = mmio_read32(u->base + CMSDK_UART_STATE);
		if ((state & CMSDK_UART_STATE_RX_OVERRUN) != 0) {
			u->rx_overrun++;
			mmio_write32(u->base + CMSDK_UART_STATE, CMSDK_UART_STATE_RX_OVERRUN);
		}
		if ((state & CMSDK_UART_STATE_RX_FULL) == 0)
			break;
		p[n++] = (uint8_t)mmio_read32(u->base + CMSDK_UART_DATA);
	}
	if (n < max && u->rx_started) {
		/* Emptied: the next byte may interrupt. One that came meanwhile wakes at once. */
		interrupt_on_rx(u, true);
		state = mmio_read32(u->base + CMSDK_UART_STATE);
		if ((state & CMSDK_UART_STATE_RX_FULL) != 0)
			waker_wake(&u->uart.rx);
	}
	return n;
}

/* The device stays silent until what it has received was read. */
static void rx_interrupt(void *arg)
{
	struct cmsdk_uart *u = arg;

	interrupt_on_rx(u, false);
	mmio_write32(u->base + CMSDK_UART_INT, CMSDK_UART_INT_RX);
	waker_wake(&u->uart.rx);
}

static enum err cmsdk_uart_rx_start(struct uart *uart)
{
	struct cmsdk_uart *u = uart_of(uart);
	enum err e;

	if (u->rx_started)
		return OK;
	e = irq_attach(u->chip, u->line, IRQ_LEVEL_HIGH, rx_interrupt, u);
	if (e != OK)
		return e;
	u->rx_started = true;
	interrupt_on_rx(u, true);
	return OK;
}

void cmsdk_uart_init(struct cmsdk_uart *u, uint32_t clock_hz, uint32_t baud)
{
	uint32_t divisor = MAX((clock_hz + baud / 2) / baud, CMSDK_UART_BAUD_DIVISOR_MIN);

	mmio_write32(u->base + CMSDK_UART_BAUD_DIVISOR, MIN(divisor, CMSDK_UART_BAUD_DIVISOR_MAX));
	interrupt_on_rx(u, false);
}

const struct uart_ops cmsdk_uart_output_ops = {
	.write = cmsdk_uart_write,
	.read = uart_no_bytes,
	.rx_start = uart_no_interrupt,
};

void cmsdk_uart_set_irq(struct cmsdk_uart *u, struct irq_chip *chip, uint32_t line)
{
	static const struct uart_ops ops = {
		.write = cmsdk_uart_write,
		.read = cmsdk_uart_read,
		.rx_start = cmsdk_uart_rx_start,
	};

	u->uart.ops = &ops;
	u->chip = chip;
	u->line = line;
}
