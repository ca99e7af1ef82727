/* SPDX-License-Identifier: ISC */
/* The console: the first UART, at 115200 bits a second. */
#include "boards/soc/zynqmp/zynqmp.h"
#include "drivers/uart/cadence_uart/cadence_uart.h"
#include "hal/board.h"

enum { UART_HZ = 100000000, BAUD = 115200 }; /* as loaders set UART_REF_CLK */

static struct cadence_uart uart = CADENCE_UART_CONSOLE(ZYNQMP_UART0);

struct uart *board_console(void)
{
	return &uart.uart;
}

void zynqmp_console_init(void)
{
	cadence_uart_init(&uart, UART_HZ, BAUD);
}

void zynqmp_set_console_irq(struct irq_chip *chip)
{
	cadence_uart_set_irq(&uart, chip, ZYNQMP_LINE_UART0);
}
