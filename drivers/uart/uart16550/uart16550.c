/* SPDX-License-Identifier: ISC */
#include "drivers/uart/uart16550/uart16550.h"

#include <stdbool.h>

#include "arch/barrier.h"
#include "drivers/uart/uart16550/uart16550_regs.h"

/* Reads of the line status before a byte is given up: some 100 ms on an ISA bus. */
enum { TX_POLLS = 100000 };

static struct uart16550 *self(struct uart *u)
{
	return container_of(u, struct uart16550, uart);
}

static uint8_t get(const struct uart16550 *u, unsigned reg)
{
	return u->bus->read(u->base, reg);
}

static void set(const struct uart16550 *u, unsigned reg, uint8_t value)
{
	u->bus->write(u->base, reg, value);
}

static bool wait_for_transmitter(const struct uart16550 *u)
{
	for (unsigned i = 0; i < TX_POLLS; i++) {
		if ((get(u, UART16550_LSR) & UART16550_LSR_THRE) != 0)
			return true;
		cpu_relax();
	}
	return false;
}

static void write_bytes(struct uart *uart, const void *bytes, size_t len)
{
	struct uart16550 *u = self(uart);
	const uint8_t *p = bytes;
	size_t room = 0;
	for (size_t i = 0; i < len; i++) {
		if (room == 0) {
			if (!wait_for_transmitter(u)) {
				u->tx_lost++;
				continue;
			}
			room = MAX(u->fifo_bytes, 1u);
		}
		set(u, UART16550_DATA, p[i]);
		room--;
	}
}

static size_t read_bytes(struct uart *uart, void *bytes, size_t max)
{
	struct uart16550 *u = self(uart);
	uint8_t *p = bytes;
	size_t n = 0;
	while (n < max) {
		uint8_t status = get(u, UART16550_LSR);
		if ((status & UART16550_LSR_ERRORS) != 0)
			u->rx_errors++;
		if ((status & UART16550_LSR_DATA) == 0)
			break;
		p[n++] = get(u, UART16550_DATA);
	}
	/* What comes from now on interrupts again; so does, at once, what is there already. */
	if (n < max && u->chip != NULL)
		set(u, UART16550_IER, UART16550_IER_RX);
	return n;
}

static void handle_interrupt(void *arg)
{
	struct uart16550 *u = arg;
	set(u, UART16550_IER, 0);
	waker_wake(&u->uart.rx);
}

static enum err rx_start(struct uart *uart)
{
	struct uart16550 *u = self(uart);
	if (u->chip == NULL)
		return ERR_UNSUPPORTED;
	enum err e = irq_attach(u->chip, u->line, u->trigger, handle_interrupt, u);
	if (e != OK)
		return e;
	set(u, UART16550_MCR, UART16550_MCR_DTR | UART16550_MCR_RTS | UART16550_MCR_OUT2);
	set(u, UART16550_IER, UART16550_IER_RX);
	return OK;
}

const struct uart_ops uart16550_ops = {
	.write = write_bytes,
	.read = read_bytes,
	.rx_start = rx_start,
};

void uart16550_init(struct uart16550 *u, uint32_t clock_hz, uint32_t baud)
{
	set(u, UART16550_IER, 0);
	if (clock_hz != 0 && baud != 0) {
		uint32_t divisor = MIN(MAX((clock_hz / 16 + baud / 2) / baud, 1u), 0xffffu);
		set(u, UART16550_LCR, UART16550_LCR_8N1 | UART16550_LCR_DLAB);
		set(u, UART16550_DATA, (uint8_t)divisor);
		set(u, UART16550_IER, (uint8_t)(divisor >> 8));
	}
	set(u, UART16550_LCR, UART16550_LCR_8N1);
	set(u, UART16550_MCR, UART16550_MCR_DTR | UART16550_MCR_RTS);
	set(u, UART16550_FCR, UART16550_FCR_ENABLE);
	bool fifo = (get(u, UART16550_IIR) & UART16550_IIR_FIFO) == UART16550_IIR_FIFO;
	u->fifo_bytes = fifo ? UART16550_FIFO_BYTES : 1;
}

void uart16550_set_irq(struct uart16550 *u, struct irq_chip *chip, uint32_t line,
		       enum irq_trigger trigger)
{
	u->chip = chip;
	u->line = line;
	u->trigger = trigger;
}
