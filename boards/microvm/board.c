/* SPDX-License-Identifier: ISC */
/*
 * QEMU's microvm, with or without ACPI, under KVM or TCG.
 *
 * What there is comes from the PVH start info (memory, command line) and from the words that QEMU
 * appends to the command line (virtio devices).
 */
#include "hal/board.h"

#include "arch/mmu.h"
#include "arch/x86.h"
#include "boards/soc/microvm/memory_map.h"
#include "boards/soc/microvm/microvm.h"
#include "boards/soc/pc/pc.h"

const char board_name[] = "microvm";

const struct mmu_region board_regions[] = {
	{MICROVM_DEVICES_START, MICROVM_DEVICES_BYTES, MMU_DEVICE},
	{0},
};

struct power_control board_power = {.debug_exit_port = PC_DEBUG_EXIT};

const uintptr_t pc_ioapics[] = {PC_IOAPIC, MICROVM_IOAPIC2, 0};

enum err board_init(const struct boot *boot)
{
	enum err e = pc_init(boot);
	if (e == OK && microvm_has_acpi())
		board_power.sleep_control = MICROVM_SLEEP_CONTROL;
	return e;
}
