/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "boards/soc/mps2/mps2.h"
#include "drivers/uart/cmsdk_uart/cmsdk_uart.h"
#include "hal/board.h"

static struct cmsdk_uart uart = CMSDK_UART_CONSOLE(MPS2_UART_BASE);

struct uart *board_console(void)
{
	return &uart.uart;
}

void mps2_set_console_irq(struct irq_chip *chip)
{
	cmsdk_uart_set_irq(&uart, chip, MPS2_LINE_UART_RX);
}

void mps2_complain(const char *message)
{
	uart_write(&uart.uart, board_name, strlen(board_name));
	uart_write(&uart.uart, ": ", 2);
	uart_write(&uart.uart, message, strlen(message));
	uart_write(&uart.uart, "\r\n", 2);
}
