/* SPDX-License-Identifier: ISC */
/*
 * The console of the host board: standard output, and standard input once it is asked for.
 *
 * A terminal is switched to deliver each key at once, without echo, when reading starts, and put
 * back when the process ends.
 */
#ifndef DRIVERS_UART_STDIO_STDIO_UART_H
#define DRIVERS_UART_STDIO_STDIO_UART_H

#include "drivers/irq/epoll/epoll_irq.h"
#include "hal/uart.h"

struct stdio_uart {
	struct uart uart;
	struct epoll_irq *irq; /* NULL: no interrupt */
};

/* Makes a console that writes. */
void stdio_uart_init(struct stdio_uart *s);

/* Says where its interrupt comes from, for uart_rx_start(). */
void stdio_uart_set_irq(struct stdio_uart *s, struct epoll_irq *irq);

#endif
