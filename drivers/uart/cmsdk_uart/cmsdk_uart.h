/* SPDX-License-Identifier: ISC */
/*
 * The UART of Arm's Cortex-M System Design Kit: one byte of buffer each way, no parity, 8 bits.
 *
 * The struct belongs to the caller. CMSDK_UART_CONSOLE() makes one that only writes, once
 * cmsdk_uart_init() has turned it on; before that it loses what it is given. An image that does not
 * call cmsdk_uart_set_irq() holds no code for input.
 */
#ifndef DRIVERS_UART_CMSDK_UART_CMSDK_UART_H
#define DRIVERS_UART_CMSDK_UART_CMSDK_UART_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/uart.h"

struct cmsdk_uart {
	struct uart uart;
	uintptr_t base;
	struct irq_chip *chip; /* NULL: no interrupt */
	uint32_t line;
	bool rx_started;
	bool stuck;          /* it did not take the last byte in time */
	uint32_t tx_lost;    /* bytes that it did not take */
	uint32_t rx_overrun; /* times that bytes came before the last one was read */
};

extern const struct uart_ops cmsdk_uart_output_ops;

/* A static initialiser for the UART with its registers (4 KiB) at `address`, without interrupt. */
#define CMSDK_UART_CONSOLE(address)                                                                \
	{                                                                                          \
		.uart = {.ops = &cmsdk_uart_output_ops}, .base = (address)                         \
	}

/* Turns it on, at `baud` bits a second of a clock of `clock_hz`; neither may be 0. */
void cmsdk_uart_init(struct cmsdk_uart *u, uint32_t clock_hz, uint32_t baud);

/* Says which interrupt it has for reception: from now on it can be read. */
void cmsdk_uart_set_irq(struct cmsdk_uart *u, struct irq_chip *chip, uint32_t line);

#endif
