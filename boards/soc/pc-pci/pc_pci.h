/* SPDX-License-Identifier: ISC */
/*
 * PCs that have ACPI's tables and PCI: how they are switched off, and their virtio devices, with
 * the functions of hal/board.h for those. Beside boards/soc/pc.
 */
#ifndef BOARDS_SOC_PC_PCI_PC_PCI_H
#define BOARDS_SOC_PC_PCI_PC_PCI_H

#include <stdint.h>

#include "arch/mmu.h"
#include "base/attr.h"
#include "base/err.h"
#include "drivers/acpi/acpi.h"
#include "drivers/virtio/pci/virtio_pci.h"
#include "hal/irq.h"

/* The devices that firmware does not place, for board_regions: I/O and local APICs. */
#define PC_PCI_REGION                                                                              \
	{                                                                                          \
		PC_IOAPIC, 0x400000, MMU_DEVICE                                                    \
	}

/* Finds out how the machine is switched off, which arch/x86.h is told. After pc_init(). */
void pc_pci_power(void);

/* ACPI's tables; errors as acpi_init(), and ERR_NODEV where the loader has told of none. */
MUST_USE enum err pc_pci_tables(struct acpi *acpi);

/*
 * Finds virtio device number `index`, from 0, of type `id` (enum virtio_id), in the order of buses
 * and slots, and prepares *slot for it. ERR_NODEV: there are not so many; other errors were
 * complained about.
 */
MUST_USE enum err pc_pci_find(struct virtio_pci *slot, uint32_t id, unsigned index);

/*
 * Says by which interrupt the device will come: messages if both sides have some, else its line.
 * ERR_NODEV: it has neither.
 */
MUST_USE enum err pc_pci_interrupt(struct virtio_pci *slot, uint32_t *line,
				   enum irq_trigger *trigger);

#endif
