/* SPDX-License-Identifier: ISC */
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
