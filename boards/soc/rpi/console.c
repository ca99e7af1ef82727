/* SPDX-License-Identifier: ISC */
/*
 * The console: the PL011, or the mini UART where the device tree says so. On boards with Bluetooth
 * the firmware puts one of them on the pins and gives Bluetooth the other.
 */
#include "arch/mmio.h"
#include "boards/soc/rpi/rpi.h"
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

const struct uart16550_bus rpi_mini_uart_bus = {mini_uart_read, mini_uart_write};

static bool is_mini;

struct uart *board_console(void)
{
	return is_mini ? &rpi_mini_uart.uart : &rpi_pl011.uart;
}

void rpi_use_mini_uart(void)
{
	uintptr_t aux = rpi_chip.peripherals + RPI_AUX;
	uint32_t enables = mmio_read32(aux + AUX_ENABLES);

	mmio_write32(aux + AUX_ENABLES, enables | AUX_ENABLE_MINI_UART);
	uart16550_init(&rpi_mini_uart, 0, 0);
	/* What a 16550 says when all of its FIFO is empty this one says as soon as a byte fits. */
	rpi_mini_uart.fifo_bytes = 1;
	is_mini = true;
}

void rpi_set_console_irq(struct irq_chip *chip)
{
	if (is_mini)
		uart16550_set_irq(&rpi_mini_uart, chip, rpi_chip.aux_line, IRQ_LEVEL_HIGH);
	else
		pl011_set_irq(&rpi_pl011, chip, rpi_chip.uart_line, IRQ_LEVEL_HIGH);
}
