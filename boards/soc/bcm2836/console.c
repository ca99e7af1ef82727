/* SPDX-License-Identifier: ISC */
/*
 * The console: the PL011, or the mini UART where the device tree says so. On boards with Bluetooth
 * the firmware puts one of them on the pins and gives Bluetooth the other.
 */
#include <string.h>

#include "arch/mmio.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "drivers/uart/pl011/pl011.h"
#include "drivers/uart/uart16550/uart16550.h"
#include "hal/board.h"

enum { AUX_ENABLES = 0x04, AUX_ENABLE_MINI_UART = 1, REGISTER_BYTES = 4 };

static uint8_t mini_uart_read(uintptr_t base, unsigned reg)
{
	return (uint8_t)mmio_read32(base + reg * REGISTER_BYTES);
}

static void mini_uart_write(uintptr_t base, unsigned reg, uint8_t value)
{
	mmio_write32(base + reg * REGISTER_BYTES, value);
}

static const struct uart16550_bus mini_uart_bus = {mini_uart_read, mini_uart_write};
static struct uart16550 mini_uart = UART16550_CONSOLE(&mini_uart_bus, BCM2836_MINI_UART);
static struct pl011 pl011 = PL011_CONSOLE(BCM2836_UART_BASE);
static bool is_mini;

struct uart *board_console(void)
{
	return is_mini ? &mini_uart.uart : &pl011.uart;
}

void bcm2836_use_mini_uart(void)
{
	uint32_t enables = mmio_read32(BCM2836_AUX_BASE + AUX_ENABLES);

	mmio_write32(BCM2836_AUX_BASE + AUX_ENABLES, enables | AUX_ENABLE_MINI_UART);
	uart16550_init(&mini_uart, 0, 0);
	/* What a 16550 says when all of its FIFO is empty this one says as soon as a byte fits. */
	mini_uart.fifo_bytes = 1;
	is_mini = true;
}

void bcm2836_set_console_irq(struct irq_chip *chip)
{
	if (is_mini)
		uart16550_set_irq(&mini_uart, chip, BCM2836_AUX, IRQ_LEVEL_HIGH);
	else
		pl011_set_irq(&pl011, chip, BCM2836_UART, IRQ_LEVEL_HIGH);
}

static void say(const char *text)
{
	uart_write(board_console(), text, strlen(text));
}

void bcm2836_complain(const char *message)
{
	say(board_name);
	say(": ");
	say(message);
	say("\r\n");
}
