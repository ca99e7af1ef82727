/* SPDX-License-Identifier: ISC */
/*
 * QEMU's microvm, with or without ACPI, under KVM or TCG.
 *
 * What there is comes from the PVH start info (memory, command line) and from the words that QEMU
 * appends to the command line (virtio devices).
 */
#include "hal/board.h"

#include <string.h>

#include "arch/fault.h"
#include "arch/image.h"
#include "arch/mmu.h"
#include "arch/pvh.h"
#include "arch/x86.h"
#include "boards/microvm/devices.h"
#include "boards/microvm/memory.h"
#include "boards/microvm/microvm.h"
#include "drivers/uart/uart16550/uart16550_port.h"

const char board_name[] = "microvm";

const struct mmu_region board_regions[] = {
	{MICROVM_DEVICES_START, MICROVM_DEVICES_BYTES, MMU_DEVICE},
	{0},
};

struct power_control board_power = {.debug_exit_port = MICROVM_DEBUG_EXIT};

struct apic microvm_apic;
struct x86_timer microvm_timer;

static const struct uart16550_bus uart_bus = {
	.read = uart16550_port_read,
	.write = uart16550_port_write,
};
static struct uart16550 console = UART16550_CONSOLE(&uart_bus, MICROVM_UART);

static struct microvm_devices devices;
static struct board_memory memory;
static const char *bootargs = "";

void microvm_complain(const char *message)
{
	static const char prefix[] = "board: ";
	uart_write(&console.uart, prefix, sizeof(prefix) - 1);
	uart_write(&console.uart, message, strlen(message));
	uart_write(&console.uart, "\n", 1);
}

static enum err fail(enum err e, const char *message)
{
	microvm_complain(message);
	return e;
}

/* The heap gets the RAM behind the image, as the architecture has mapped it. */
static enum err find_memory(const struct pvh_start_info *info)
{
	struct pvh_ram ram = pvh_ram_from(info, (uintptr_t)image_end);
	uint64_t total = pvh_ram_total(info);
	if (ram.bytes == 0)
		return fail(ERR_NOMEM, "the machine has too little memory for the image");
	memory.start = image_end;
	memory.bytes = ram.bytes;
	memory.total_bytes = (size_t)total;
	memory.image_bytes = image_bytes();
	return OK;
}

static void find_devices(bool acpi)
{
	microvm_devices_parse(&devices, bootargs);
	if (devices.refused > 0)
		microvm_complain("ignored a virtio_mmio.device= that is not one of this machine's");
	if (acpi && devices.n == 0)
		microvm_devices_of_acpi(&devices, microvm_apic.n_io);
}

static enum err start_interrupts(void)
{
	static const uintptr_t io[] = {MICROVM_IOAPIC, MICROVM_IOAPIC2};
	enum err e = apic_init(&microvm_apic, MICROVM_LOCAL_APIC, io, ARRAY_SIZE(io));
	if (e != OK)
		return fail(e, "there is no usable interrupt controller (xAPIC and I/O APIC)");
	uart16550_set_irq(&console, &microvm_apic.chip, MICROVM_UART_LINE, IRQ_LEVEL_HIGH);
	e = x86_timer_init(&microvm_timer, &microvm_apic);
	return e == OK ? OK : fail(e, "nothing tells how fast the time-stamp counter runs");
}

enum err board_init(const struct boot *boot)
{
	uart16550_init(&console, 0, 0);
	const struct pvh_start_info *info = pvh_check(boot->info, PVH_LOW);
	if (info == NULL)
		return fail(ERR_INVALID, "the loader passed no usable PVH start info (version 1)");
	if (info->rsdp != 0)
		board_power.sleep_control = MICROVM_SLEEP_CONTROL;
	if (info->cmdline != 0 && boot->cmdline == NULL)
		return fail(ERR_RANGE, "the boot arguments are too long, or outside the first MiB");
	if (boot->cmdline != NULL)
		bootargs = boot->cmdline;
	enum err e = find_memory(info);
	if (e != OK)
		return e;
	e = start_interrupts();
	if (e != OK)
		return e;
	find_devices(info->rsdp != 0);
	return OK;
}

const char *board_bootargs(void)
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

struct timer *board_timer(void)
{
	return &microvm_timer.timer;
}

struct board_memory board_memory(void)
{
	return memory;
}

USED void interrupt(void)
{
	irq_chip_dispatch(&microvm_apic.chip);
}

enum err microvm_find_virtio(struct virtio_mmio *slot, uint32_t id, unsigned index, uint32_t *line)
{
	for (unsigned i = 0; i < devices.n; i++) {
		if (virtio_mmio_probe(slot, devices.device[i].base) != OK || slot->dev.id != id)
			continue;
		if (index-- == 0) {
			*line = devices.device[i].line;
			return OK;
		}
	}
	return ERR_NODEV;
}
