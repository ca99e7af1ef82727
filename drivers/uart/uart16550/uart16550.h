/* SPDX-License-Identifier: ISC */
/*
 * The 16550 UART and its descendants, on any bus: ports of x86 (uart16550_port.h) or memory.
 *
 * The struct belongs to the caller. UART16550_CONSOLE() makes one that writes at once, before
 * anything is initialised, to a UART that firmware or an emulator has left ready.
 */
#ifndef DRIVERS_UART_UART16550_UART16550_H
#define DRIVERS_UART_UART16550_UART16550_H

#include <stdint.h>

#include "base/err.h"
#include "hal/irq.h"
#include "hal/uart.h"

/* How to reach register number `reg` (0 to 7) of the UART at `base`. */
struct uart16550_bus {
	uint8_t (*read)(uintptr_t base, unsigned reg);
	void (*write)(uintptr_t base, unsigned reg, uint8_t value);
};

struct uart16550 {
	struct uart uart;
	const struct uart16550_bus *bus;
	uintptr_t base;
	struct irq_chip *chip; /* NULL: no interrupt */
	uint32_t line;
	enum irq_trigger trigger;
	unsigned fifo_bytes; /* that an empty transmitter takes; 0 counts as 1 */
	uint32_t tx_lost;    /* bytes that the device did not take in time */
	uint32_t rx_errors;  /* overruns, and bytes with a framing, parity or break error */
};

extern const struct uart_ops uart16550_ops;

/* A static initialiser for the UART at `address` of `bus_ops`, without interrupt. */
#define UART16550_CONSOLE(bus_ops, address)                                                        \
	{                                                                                          \
		.uart = {.ops = &uart16550_ops}, .bus = (bus_ops), .base = (address)               \
	}

/*
 * Enables the UART: 8 bits, no parity, FIFOs if it has them, interrupts off. The bit rate is
 * set only if the clock is known (`clock_hz` not 0, `baud` not 0), else it stays.
 */
void uart16550_init(struct uart16550 *u, uint32_t clock_hz, uint32_t baud);

/* Says which interrupt it has, for uart_rx_start(). */
void uart16550_set_irq(struct uart16550 *u, struct irq_chip *chip, uint32_t line,
		       enum irq_trigger trigger);

#endif
