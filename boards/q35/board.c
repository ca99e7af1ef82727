/* SPDX-License-Identifier: ISC */
/*
 * QEMU's q35 and the PCs of clouds. What there is comes from the loader (memory, command line),
 * from ACPI's tables (power, where PCI's configuration space is) and from PCI itself (virtio
 * devices).
 */
#include "hal/board.h"

#include "arch/mmu.h"
#include "arch/x86.h"
#include "boards/q35/memory.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"

const char board_name[] = "q35";

const struct mmu_region board_regions[] = {PC_PCI_REGION, {0}};

struct power_control board_power = {.debug_exit_port = PC_DEBUG_EXIT};

const uintptr_t pc_ioapics[] = {PC_IOAPIC, 0};

enum err board_init(const struct boot *boot)
{
	enum err e = pc_init(boot);

	if (e == OK)
		pc_pci_power();
	return e;
}
