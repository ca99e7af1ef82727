/* SPDX-License-Identifier: ISC */
/*
 * What drivers of UARTs with a register of state and one of data have in common: output by polling,
 * each byte with a bounded wait, and the slots of struct uart_ops of one that only writes. For the
 * drivers; as hal/uart.h says, output works from any context.
 */
#ifndef DRIVERS_UART_POLLED_UART_POLLED_H
#define DRIVERS_UART_POLLED_UART_POLLED_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "hal/uart.h"

/* Reads of the state, 40 ns or more each: a byte at 9600 baud takes 1 ms. */
enum { UART_POLLS_MAX = 100000 };

/* Waits until all of `bits` of the register at `state` are clear, at most `polls` reads. */
static inline bool uart_polled_wait(uintptr_t state, uint32_t bits, unsigned polls)
{
	while (polls-- > 0) {
		if ((mmio_read32(state) & bits) == 0)
			return true;
		cpu_relax();
	}
	return false;
}

/*
 * Writes a byte to the register at `data` once the bits `full` of `state` are clear. One that has
 * stopped taking bytes, as `stuck` notes, gets no long wait any more, until it does; what it does
 * not take is counted in `lost`.
 */
static inline void uart_polled_put(uintptr_t state, uint32_t full, uintptr_t data, uint8_t byte,
				   bool *stuck, uint32_t *lost)
{
	*stuck = !uart_polled_wait(state, full, *stuck ? 1 : UART_POLLS_MAX);
	if (*stuck)
		++*lost;
	else
		mmio_write32(data, byte);
}

/* Of struct uart_ops, for one without an interrupt: no bytes, and ERR_UNSUPPORTED. */
size_t uart_no_bytes(struct uart *u, void *bytes, size_t max);
enum err uart_no_interrupt(struct uart *u);

#endif
