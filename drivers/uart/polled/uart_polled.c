/* SPDX-License-Identifier: ISC */
#include "drivers/uart/polled/uart_polled.h"

size_t uart_no_bytes(struct uart *u, void *bytes, size_t max)
{
	(void)u;
	(void)bytes;
	(void)max;
	return 0;
}

enum err uart_no_interrupt(struct uart *u)
{
	(void)u;
	return ERR_UNSUPPORTED;
}
