/* SPDX-License-Identifier: ISC */
/*
 * The console, and what the loader says: memory and boot arguments.
 */
#include <string.h>

#include "arch/image.h"
#include "boards/common/common.h"
#include "boards/soc/pc/memory_map.h"
#include "boards/soc/pc/pc.h"
#include "drivers/uart/uart16550/uart16550_port.h"
#include "hal/board.h"

static const struct uart16550_bus uart_bus = {
	.read = uart16550_port_read,
	.write = uart16550_port_write,
};
static struct uart16550 console = UART16550_CONSOLE(&uart_bus, PC_UART);

struct pc_loader pc_loader = {.cmdline = ""};

static struct board_memory memory;
static char bootargs[PVH_CMDLINE_MAX];

static enum err fail(enum err e, const char *message)
{
	board_complain(message);
	return e;
}

/* The heap gets the RAM behind the image and below it, as the architecture has mapped it. */
static enum err find_memory(const struct pvh_start_info *info)
{
	struct pvh_ram ram = pvh_ram_from(info, (uintptr_t)image_end);
	struct pvh_ram low = pvh_ram_low(info, PVH_LOW);
	uint64_t total = pvh_ram_total(info);
	if (ram.bytes == 0)
		return fail(ERR_NOMEM, "the machine has too little memory for the image");
	memory.start = image_end;
	memory.bytes = ram.bytes;
	memory.low_start = (void *)low.start;
	memory.low_bytes = low.bytes;
	memory.total_bytes = (size_t)total;
	memory.image_bytes = image_bytes();
	return OK;
}

enum err pc_init(const struct boot *boot)
{
	uart16550_init(&console, 0, 0);
	const struct pvh_start_info *info = (const void *)boot->info;
	if (info == NULL)
		return fail(ERR_INVALID, "the loader passed no usable PVH start info (version 1)");
	pc_loader.info = info;
	if (info->cmdline != 0 && boot->cmdline == NULL)
		return fail(ERR_RANGE, "the boot arguments are too long, or outside the first MiB");
	if (boot->cmdline != NULL) {
		pc_loader.cmdline = boot->cmdline;
		strcpy(bootargs, boot->cmdline); /* shorter than PVH_CMDLINE_MAX: pvh_cmdline() */
	}
	return find_memory(info);
}

void pc_set_console_irq(struct irq_chip *chip)
{
	uart16550_set_irq(&console, chip, PC_UART_LINE, IRQ_LEVEL_HIGH);
}

char *board_bootargs(void)
{
	return bootargs;
}

struct uart *board_console(void)
{
	return &console.uart;
}

uint64_t board_guard_seed(void)
{
	return 0; /* nothing is passed on; the processor has an instruction */
}

struct board_memory board_memory(void)
{
	return memory;
}
