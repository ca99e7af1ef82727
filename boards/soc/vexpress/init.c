/* SPDX-License-Identifier: ISC */
/*
 * From what the loader left to a console and memory, and the way out: the motherboard's
 * configuration controller turns it off (Arm DUI 0447).
 */
#include "arch/mmio.h"
#include "arch/psci.h"
#include "boards/soc/vexpress/vexpress.h"
#include "boards/tree/loader.h"
#include "drivers/uart/pl011/pl011.h"
#include "hal/board.h"

#define SYS_CFGDATA          (VEXPRESS_SYSTEM + 0xa0)
#define SYS_CFGCTRL          (VEXPRESS_SYSTEM + 0xa4)
#define SYS_CFGCTRL_START    0x80000000u
#define SYS_CFGCTRL_WRITE    0x40000000u
#define SYS_CFGCTRL_SHUTDOWN 0x00800000u /* function 8, of the motherboard */

static struct pl011 console = PL011_CONSOLE(VEXPRESS_UART0);
static uint64_t kaslr_seed;

struct uart *board_console(void)
{
	return &console.uart;
}

void vexpress_set_console_irq(struct irq_chip *chip)
{
	pl011_set_irq(&console, chip, VEXPRESS_LINE_UART0, IRQ_LEVEL_HIGH);
}

uint64_t board_guard_seed(void)
{
	return kaslr_seed;
}

static void power_off(void)
{
	mmio_write32(SYS_CFGDATA, 0);
	mmio_write32(SYS_CFGCTRL, SYS_CFGCTRL_START | SYS_CFGCTRL_WRITE | SYS_CFGCTRL_SHUTDOWN);
}

enum err board_init(const struct boot *boot)
{
	static const struct loader_limits limits = {
		.ram_start = VEXPRESS_RAM_START,
		.ram_bytes_max = VEXPRESS_RAM_BYTES_MAX,
		.ram_bytes = VEXPRESS_RAM_AT_LEAST,
		.tags = VEXPRESS_ATAGS,
		.tags_bytes = VEXPRESS_ATAGS_BYTES,
	};

	/* 24 MHz of the motherboard's, whatever firmware has set. */
	pl011_init(&console, VEXPRESS_UART0, 24000000, 115200);
	cpu_set_off(power_off);
	return loader_read(boot, &limits, &kaslr_seed);
}
