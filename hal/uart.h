/* SPDX-License-Identifier: ISC */
/*
 * A serial port: the console, and a byte stream to another machine.
 *
 * Output is polled: uart_write() returns when the last byte is in the device's FIFO, or
 * after a bounded wait a byte, so that it also serves the fatal path, interrupts off and
 * the heap broken. Input is non-blocking: the device's interrupt wakes `rx`, then
 * uart_read() takes what is there.
 */
#ifndef HAL_UART_H
#define HAL_UART_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/waker.h"

struct uart;

struct uart_ops {
	void (*write)(struct uart *u, const void *bytes, size_t len);
	size_t (*read)(struct uart *u, void *bytes, size_t max);
	enum err (*rx_start)(struct uart *u);
};

struct uart {
	const struct uart_ops *ops;
	struct waker rx;
};

/* Writes all bytes as they are. A byte that the device does not take in time is lost. */
static inline void uart_write(struct uart *u, const void *bytes, size_t len)
{
	u->ops->write(u, bytes, len);
}

/* Takes up to `max` received bytes; 0 when there are none. Event loop only. */
static inline size_t uart_read(struct uart *u, void *bytes, size_t max)
{
	return u->ops->read(u, bytes, max);
}

/* Lets received bytes interrupt and wake `rx`. ERR_UNSUPPORTED without an interrupt line. */
MUST_USE static inline enum err uart_rx_start(struct uart *u)
{
	return u->ops->rx_start(u);
}

#endif
