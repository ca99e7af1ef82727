/* SPDX-License-Identifier: ISC */
/*
 * From the device tree to a console, an interrupt controller, a timer and memory.
 */
#include <stdio.h>
#include <string.h>

#include "arch/fault.h"
#include "arch/image.h"
#include "arch/mmu.h"
#include "base/bytes.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/irq/gicv3/gicv3.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "drivers/uart/pl011/pl011.h"
#include "hal/board.h"

enum {
	BOOTARGS_BYTES = 2048,
	FDT_MAGIC = 0xd00dfeed,
	FDT_TOTAL_SIZE = 4, /* offset in the header (Devicetree 0.4, 5.2) */
	FDT_HEADER_BYTES = 40,
	FDT_BYTES_MAX = 2 << 20, /* what loaders of Linux keep to */
};

struct machine qemu_virt_machine;

static union {
	struct gicv2 v2;
	struct gicv3 v3;
} gic;
static struct irq_chip *irq_chip;
static struct irq_line irq_lines[MACHINE_LINES];
static struct arm_timer timer;
static struct pl011 console = PL011_CONSOLE(QEMU_VIRT_UART);
static struct machine_range free_memory;
static char bootargs[BOOTARGS_BYTES];

void interrupt(void)
{
	irq_chip_dispatch(irq_chip);
}

struct irq_chip *qemu_virt_irq_chip(void)
{
	return irq_chip;
}

struct uart *board_console(void)
{
	return &console.uart;
}

uint64_t board_guard_seed(void)
{
	return qemu_virt_machine.kaslr_seed;
}

struct timer *board_timer(void)
{
	return &timer.timer;
}

const char *board_bootargs(void)
{
	return bootargs;
}

struct board_memory board_memory(void)
{
	return (struct board_memory){
		.start = (void *)free_memory.start,
		.bytes = free_memory.bytes,
		.total_bytes = qemu_virt_machine.ram_bytes,
		.image_bytes = image_bytes(),
	};
}

void qemu_virt_complain(const char *message)
{
	uart_write(&console.uart, board_name, strlen(board_name));
	uart_write(&console.uart, ": ", 2);
	uart_write(&console.uart, message, strlen(message));
	uart_write(&console.uart, "\r\n", 2);
}

static struct machine_range image_range(void)
{
	return (struct machine_range){(uintptr_t)image_start,
				      (uintptr_t)image_end - (uintptr_t)image_start};
}

/* Maps the pages that hold `bytes` from `start`, which must be RAM that the image does not use. */
static bool map_outside_image(uintptr_t start, size_t bytes)
{
	uintptr_t first = ROUND_DOWN(start, (uintptr_t)PAGE_BYTES);
	uintptr_t end = ROUND_UP(start + bytes, (uintptr_t)PAGE_BYTES);
	struct machine_range image = image_range();

	if (start < QEMU_VIRT_RAM_START || end <= start ||
	    (first < image.start + image.bytes && end > image.start))
		return false;
	return mmu_protect(first, end - first, MMU_RW) == OK;
}

/* The device tree, mapped and writable, and its size; or NULL. Its contents are unchecked. */
static void *find_fdt(const struct boot *boot, size_t *bytes)
{
	uintptr_t at = boot->fdt != NULL ? (uintptr_t)boot->fdt : QEMU_VIRT_RAM_START;
	const uint8_t *header = (const uint8_t *)at;

	if (at % 8 != 0 || !map_outside_image(at, FDT_HEADER_BYTES) ||
	    load_be32(header) != FDT_MAGIC)
		return NULL;
	*bytes = load_be32(header + FDT_TOTAL_SIZE);
	if (*bytes < FDT_HEADER_BYTES || *bytes > FDT_BYTES_MAX || !map_outside_image(at, *bytes))
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
static enum err copy_from_fdt(struct machine *m)
{
	if (m->bootargs_len >= sizeof(bootargs)) {
		qemu_virt_complain("the boot arguments are longer than 2047 bytes");
		return ERR_RANGE;
	}
	snprintf(bootargs, sizeof(bootargs), "%.*s", (int)m->bootargs_len, m->bootargs);
	m->bootargs = bootargs;
	qemu_virt_take_seed(m->seed, m->seed_len);
	m->seed = NULL;
	return OK;
}

static enum err init_memory(const struct machine *m)
{
	enum err e;

	free_memory = machine_largest_free(m, image_range());
	e = mmu_protect(free_memory.start, free_memory.bytes, MMU_RW);
	if (e != OK)
		qemu_virt_complain("the memory could not be mapped");
	return e;
}

static enum err init_gic(const struct machine *m)
{
	enum err e;

	if (m->gic == MACHINE_GIC_V2) {
		irq_chip = &gic.v2.chip;
		e = gicv2_init(&gic.v2, m->gic_distributor.start, m->gic_cpu.start, irq_lines,
			       MACHINE_LINES);
	} else {
		irq_chip = &gic.v3.chip;
		e = gicv3_init(&gic.v3, m->gic_distributor.start, m->gic_cpu.start,
			       m->gic_cpu.bytes, irq_lines, MACHINE_LINES);
	}
	if (e != OK)
		qemu_virt_complain("the interrupt controller does not work");
	return e;
}

static enum err init_timer(const struct machine *m)
{
	bool has_virtual = m->timer_virtual_line != 0;
	enum err e = arm_timer_init(&timer, has_virtual ? ARM_TIMER_VIRTUAL : ARM_TIMER_PHYSICAL,
				    irq_chip,
				    has_virtual ? m->timer_virtual_line : m->timer_physical_line);

	if (e != OK)
		qemu_virt_complain("the timer does not work");
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
	e = copy_from_fdt(m);
	if (e == OK)
		e = init_memory(m);
	if (e == OK)
		e = init_gic(m);
	if (e == OK)
		e = init_timer(m);
	if (e == OK && m->uart.line != 0)
		pl011_set_irq(&console, irq_chip, m->uart.line, m->uart.trigger);
	return e;
}
