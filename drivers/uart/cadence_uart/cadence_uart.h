/* SPDX-License-Identifier: ISC */
/*
 * Cadence's UART, with FIFOs of 64 bytes, no parity, 8 bits.
 *
 * The struct belongs to the caller. CADENCE_UART_CONSOLE() makes one that only writes, once
 * cadence_uart_init() has turned it on; before that it loses what it is given. An image that does
 * not call cadence_uart_set_irq() holds no code for input.
 */
#ifndef DRIVERS_UART_CADENCE_UART_CADENCE_UART_H
#define DRIVERS_UART_CADENCE_UART_CADENCE_UART_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/uart.h"

struct cadence_uart {
	struct uart uart;
	uintptr_t base;
	struct irq_chip *chip; /* NULL: no interrupt */
	uint32_t line;
	bool rx_started;
	bool stuck;          /* it did not take the last byte in time */
	uint32_t tx_lost;    /* bytes that it did not take */
	uint32_t rx_overrun; /* times that bytes came and there was no room for them */
};

extern const struct uart_ops cadence_uart_output_ops;

/* A static initialiser for the UART with its registers (4 KiB) at `address`, without interrupt. */
#define CADENCE_UART_CONSOLE(address)                                                              \
	{                                                                                          \
		.uart = {.ops = &cadence_uart_output_ops}, .base = (address)                       \
	}

/*
 * Turns it on. At `baud` bits a second of a clock of `clock_hz`; a clock of 0 leaves the rate as
 * whoever was here before has set it. What is still being sent is sent to its end.
 */
void cadence_uart_init(struct cadence_uart *u, uint32_t clock_hz, uint32_t baud);

/* Says which interrupt it has for reception: from now on it can be read. */
void cadence_uart_set_irq(struct cadence_uart *u, struct irq_chip *chip, uint32_t line);

#endif
