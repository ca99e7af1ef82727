/* SPDX-License-Identifier: ISC */
/*
 * From the device tree to a console and memory.
 */
#include <stdio.h>
#include <string.h>

#include "arch/image.h"
#include "arch/mmu.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/uart/pl011/pl011.h"
#include "hal/board.h"

enum {
	BOOTARGS_BYTES = 2048,
};

struct machine qemu_virt_machine;

static struct pl011 console = PL011_CONSOLE(QEMU_VIRT_UART);
static struct tree_range free_memory;
static char bootargs[BOOTARGS_BYTES];

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

char *board_bootargs(void)
{
	return bootargs;
}

struct board_memory board_memory(void)
{
	return (struct board_memory){
		.start = (void *)free_memory.start,
		.bytes = free_memory.bytes,
		.total_bytes = qemu_virt_machine.tree.ram_bytes,
		.image_bytes = image_bytes(),
	};
}

static void say(const char *text)
{
	uart_write(&console.uart, text, strlen(text));
}

void qemu_virt_complain(const char *message)
{
	say(board_name);
	say(": ");
	say(message);
	say("\r\n");
}

static struct tree_range image_range(void)
{
	return (struct tree_range){(uintptr_t)image_start,
				   (uintptr_t)image_end - (uintptr_t)image_start};
}

/* Maps the pages that hold `bytes` from `start`, which must be RAM that the image does not use. */
static bool map_outside_image(uintptr_t start, size_t bytes)
{
	uintptr_t first = ROUND_DOWN(start, (uintptr_t)PAGE_BYTES);
	uintptr_t end = ROUND_UP(start + bytes, (uintptr_t)PAGE_BYTES);
	struct tree_range image = image_range();

	if (start < QEMU_VIRT_RAM_START || end <= start ||
	    (first < image.start + image.bytes && end > image.start))
		return false;
	return mmu_protect(first, end - first, MMU_RW) == OK;
}

/* The device tree, mapped and writable, and its size; or NULL. Its contents are unchecked. */
static void *find_fdt(const struct boot *boot, size_t *bytes)
{
	uintptr_t at = boot->fdt != NULL ? (uintptr_t)boot->fdt : QEMU_VIRT_RAM_START;

	if (at % 8 != 0 || !map_outside_image(at, TREE_HEADER_BYTES))
		return NULL;
	*bytes = tree_bytes((const void *)at);
	if (*bytes < TREE_HEADER_BYTES || *bytes > TREE_SIZE_MAX || !map_outside_image(at, *bytes))
		return NULL;
	return (void *)at;
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
	void *fdt = find_fdt(boot, &bytes);
	enum err e;

	if (fdt == NULL) {
		qemu_virt_complain(
			"no device tree: start it with QEMU's -kernel IMAGE.img or .elf");
		return ERR_NODEV;
	}
	e = machine_parse(m, fdt, bytes, &limits, &missing);
	if (e == ERR_INVALID)
		qemu_virt_complain("the device tree is damaged");
	if (e == ERR_NODEV)
		qemu_virt_complain(missing);
	return e;
}

/* Takes what the image needs later, so that the tree's memory can go to the heap. */
static enum err copy_from_fdt(struct tree *t)
{
	if (t->bootargs_len >= sizeof(bootargs)) {
		qemu_virt_complain("the boot arguments are longer than 2047 bytes");
		return ERR_RANGE;
	}
	snprintf(bootargs, sizeof(bootargs), "%.*s", (int)t->bootargs_len, t->bootargs);
	t->bootargs = bootargs;
	qemu_virt_take_seed(t->seed, t->seed_len);
	t->seed = NULL;
	return OK;
}

static enum err init_memory(const struct machine *m)
{
	enum err e;

	free_memory = tree_largest_free(&m->tree, image_range());
	e = mmu_protect(free_memory.start, free_memory.bytes, MMU_RW);
	if (e != OK)
		qemu_virt_complain("the memory could not be mapped");
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
	e = copy_from_fdt(&m->tree);
	if (e == OK)
		e = init_memory(m);
	return e;
}
