/* SPDX-License-Identifier: ISC */
/*
 * The 16550 on x86: eight consecutive ports. For x86 boards only.
 */
#ifndef DRIVERS_UART_UART16550_UART16550_PORT_H
#define DRIVERS_UART_UART16550_UART16550_PORT_H

#include "arch/x86.h"
#include "drivers/uart/uart16550/uart16550.h"

static inline uint8_t uart16550_port_read(uintptr_t base, unsigned reg)
{
	return port_read8((uint16_t)(base + reg));
}

static inline void uart16550_port_write(uintptr_t base, unsigned reg, uint8_t value)
{
	port_write8((uint16_t)(base + reg), value);
}

#endif
