/* SPDX-License-Identifier: ISC */
#include "drivers/uart/pl011/pl011.h"

#include <stdbool.h>

#include "drivers/uart/pl011/pl011_regs.h"
#include "drivers/uart/polled/uart_polled.h"

enum {
	RX_INTERRUPTS = PL011_INT_RX | PL011_INT_TIMEOUT,
	RX_DAMAGED = PL011_DR_FRAMING | PL011_DR_PARITY | PL011_DR_BREAK,
};

static struct pl011 *pl011_of(struct uart *u)
{
	return container_of(u, struct pl011, uart);
}

static void pl011_write(struct uart *uart, const void *bytes, size_t len)
{
	struct pl011 *u = pl011_of(uart);
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		uart_polled_put(u->base + PL011_FR, PL011_FR_TX_FULL, u->base + PL011_DR, p[i],
				&u->stuck, &u->tx_lost);
}

/* Takes one byte from the FIFO, which is not empty; false if it arrived damaged. */
static bool take(struct pl011 *u, uint8_t *byte)
{
	uint32_t data = mmio_read32(u->base + PL011_DR);

	if ((data & (RX_DAMAGED | PL011_DR_OVERRUN)) != 0)
		u->rx_errors++;
	*byte = (uint8_t)data;
	return (data & RX_DAMAGED) == 0;
}

static size_t pl011_read(struct uart *uart, void *bytes, size_t max)
{
	struct pl011 *u = pl011_of(uart);
	uint8_t *p = bytes;
	size_t n = 0;

	/* As many reads as bytes asked for: damaged ones do not keep it here. */
	for (size_t i = 0; i < max; i++) {
		if (!uart_polled_wait(u->base + PL011_FR, PL011_FR_RX_EMPTY, 1)) {
			/* Emptied: the next byte may interrupt, at once if it has come already. */
			if (u->rx_started)
				mmio_write32(u->base + PL011_IMSC, RX_INTERRUPTS);
			break;
		}
		if (take(u, &p[n]))
			n++;
	}
	return n;
}

/* The device stays silent until what it has received was read. */
static void pl011_interrupt(void *arg)
{
	struct pl011 *u = arg;

	mmio_write32(u->base + PL011_IMSC, 0);
	waker_wake(&u->uart.rx);
}

static enum err pl011_rx_start(struct uart *uart)
{
	struct pl011 *u = pl011_of(uart);
	enum err e;

	if (u->rx_started)
		return OK;
	e = irq_attach(u->chip, u->line, u->trigger, pl011_interrupt, u);
	if (e != OK)
		return e;
	u->rx_started = true;
	mmio_write32(u->base + PL011_IMSC, RX_INTERRUPTS);
	return OK;
}

/* Bit rate divisor in 64ths, rounded (3.3.6); at most 16 bits of integer part. */
static void set_baud(const struct pl011 *u, uint32_t clock_hz, uint32_t baud)
{
	uint64_t divisor = ((uint64_t)clock_hz * 4 + baud / 2) / baud;

	divisor = MIN(MAX(divisor, 64u), 0xffffu * 64u);
	mmio_write32(u->base + PL011_IBRD, (uint32_t)(divisor / 64));
	mmio_write32(u->base + PL011_FBRD, (uint32_t)(divisor % 64));
}

void pl011_init(struct pl011 *u, uintptr_t base, uint32_t clock_hz, uint32_t baud)
{
	*u = (struct pl011)PL011_CONSOLE(base);
	(void)uart_polled_wait(base + PL011_FR, PL011_FR_BUSY, UART_POLLS_MAX);
	mmio_write32(base + PL011_IMSC, 0);
	mmio_write32(base + PL011_ICR, PL011_INT_ALL);
	if (clock_hz != 0 && baud != 0) {
		mmio_write32(base + PL011_CR, 0);
		set_baud(u, clock_hz, baud);
	}
	/* This write makes the divisor take effect (3.3.6), so it comes after it. */
	mmio_write32(base + PL011_LCR, PL011_LCR_8_BITS | PL011_LCR_FIFO);
	mmio_write32(base + PL011_CR, PL011_CR_ENABLE | PL011_CR_TX | PL011_CR_RX);
}

const struct uart_ops pl011_output_ops = {
	.write = pl011_write,
	.read = uart_no_bytes,
	.rx_start = uart_no_interrupt,
};

void pl011_set_irq(struct pl011 *u, struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	static const struct uart_ops ops = {
		.write = pl011_write,
		.read = pl011_read,
		.rx_start = pl011_rx_start,
	};

	u->uart.ops = &ops;
	u->chip = chip;
	u->line = line;
	u->trigger = trigger;
}
