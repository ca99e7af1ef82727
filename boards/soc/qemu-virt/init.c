/* SPDX-License-Identifier: ISC */
/*
 * From the device tree to a console and memory.
 */
#include "boards/common/common.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "boards/tree/seed.h"
#include "boards/tree/start.h"
#include "drivers/uart/pl011/pl011.h"
#include "hal/board.h"

struct machine qemu_virt_machine;

static struct pl011 console = PL011_CONSOLE(QEMU_VIRT_UART);

void qemu_virt_set_console_irq(struct irq_chip *chip)
{
	const struct machine_device *uart = &qemu_virt_machine.uart;

	if (uart->line != 0)
		pl011_set_irq(&console, chip, uart->line, uart->trigger);
}

struct uart *board_console(void)
{
	return &console.uart;
}

uint64_t board_guard_seed(void)
{
	return qemu_virt_machine.tree.kaslr_seed;
}

static enum err read_fdt(const struct boot *boot)
{
	static const struct machine_limits limits = {
		.devices = {QEMU_VIRT_DEVICES_START, QEMU_VIRT_DEVICES_BYTES},
		.ram_start = QEMU_VIRT_RAM_START,
	};
	struct machine *m = &qemu_virt_machine;
	const char *missing = NULL;
	size_t bytes;
	uintptr_t at = boot->fdt != NULL ? (uintptr_t)boot->fdt : QEMU_VIRT_RAM_START;
	void *fdt = start_map_tree(at, QEMU_VIRT_RAM_START, &bytes);
	enum err e;

	if (fdt == NULL) {
		board_complain("no device tree: start it with QEMU's -kernel IMAGE.img or .elf");
		return ERR_NODEV;
	}
	e = machine_parse(m, fdt, bytes, &limits, &missing);
	if (e == ERR_INVALID)
		board_complain("the device tree is damaged");
	if (e == ERR_NODEV)
		board_complain(missing);
	return e;
}

enum err board_init(const struct boot *boot)
{
	struct machine *m = &qemu_virt_machine;
	enum err e = read_fdt(boot);

	if (e != OK)
		return e;
	pl011_init(&console, m->uart.base, 0, 0);
	if (m->has_psci)
		psci_set_conduit(m->psci);
	e = start_copy_bootargs(&m->tree);
	if (e != OK) {
		board_complain(START_ARGS_TOO_LONG);
		return e;
	}
	seed_take(&m->tree);
	e = start_memory(&m->tree);
	if (e != OK)
		board_complain("the memory could not be mapped");
	return e;
}
