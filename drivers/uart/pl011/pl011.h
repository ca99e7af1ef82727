/* SPDX-License-Identifier: ISC */
/*
 * Arm's PrimeCell UART PL011 (Arm DDI 0183).
 *
 * The struct belongs to the caller. PL011_CONSOLE() makes one that writes at once, before
 * anything is initialised, to a UART that firmware or an emulator has left ready. Without an
 * interrupt it only writes: an image that does not call pl011_set_irq() holds no code for input.
 */
#ifndef DRIVERS_UART_PL011_PL011_H
#define DRIVERS_UART_PL011_PL011_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/uart.h"

struct pl011 {
	struct uart uart;
	uintptr_t base;
	struct irq_chip *chip; /* NULL: no interrupt */
	uint32_t line;
	enum irq_trigger trigger;
	bool rx_started;
	bool stuck;         /* it did not take the last byte in time */
	uint32_t tx_lost;   /* bytes that it did not take */
	uint32_t rx_errors; /* bytes received with a framing, parity, break or overrun error */
};

extern const struct uart_ops pl011_output_ops;

/* A static initialiser for a UART with its registers (4 KiB) at `address`, without interrupt. */
#define PL011_CONSOLE(address)                                                                     \
	{                                                                                          \
		.uart = {.ops = &pl011_output_ops}, .base = (address)                              \
	}

/*
 * Enables the UART with the registers (4 KiB) at `base`; 8 bits, no parity. The bit rate is
 * set only if the clock is known (`clock_hz` not 0, `baud` not 0), else it stays as firmware chose
 * it. What is in the transmitter is sent first, for a bounded time.
 */
void pl011_init(struct pl011 *u, uintptr_t base, uint32_t clock_hz, uint32_t baud);

/* Says which interrupt it has: from now on it can be read, and uart_rx_start() works. */
void pl011_set_irq(struct pl011 *u, struct irq_chip *chip, uint32_t line, enum irq_trigger trigger);

#endif
