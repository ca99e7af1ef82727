/* SPDX-License-Identifier: ISC */
/*
 * The console: UART 0, a 16550 of DesignWare's with registers four bytes apart, as fast as the
 * first stage of the loader has set it.
 */
#include "arch/mmio.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/uart/uart16550/uart16550.h"
#include "hal/board.h"

enum {
	REGISTER_BYTES = 4,
	/* DesignWare's: while it sends or receives, line control cannot be written. */
	UART_STATUS = 0x7c,
	UART_STATUS_BUSY = 1,
	BUSY_POLLS = 100000,
};

static uint8_t read_register(uintptr_t base, unsigned reg)
{
	return (uint8_t)mmio_read32(base + reg * REGISTER_BYTES);
}

static void write_register(uintptr_t base, unsigned reg, uint8_t value)
{
	mmio_write32(base + reg * REGISTER_BYTES, value);
}

static const struct uart16550_bus bus = {read_register, write_register};
static struct uart16550 uart = UART16550_CONSOLE(&bus, H3_UART0_BASE);

struct uart *board_console(void)
{
	return &uart.uart;
}

void h3_console_init(void)
{
	for (unsigned i = 0; i < BUSY_POLLS; i++) {
		if ((mmio_read32(H3_UART0_BASE + UART_STATUS) & UART_STATUS_BUSY) == 0)
			break;
	}
	uart16550_init(&uart, 0, 0);
	/* A write that came too early interrupts, whatever is enabled, until this is read. */
	(void)mmio_read32(H3_UART0_BASE + UART_STATUS);
}

void h3_console_set_irq(struct irq_chip *chip)
{
	uart16550_set_irq(&uart, chip, H3_LINE_UART0, IRQ_LEVEL_HIGH);
}
