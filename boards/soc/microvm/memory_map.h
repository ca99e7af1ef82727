/* SPDX-License-Identifier: ISC */
/*
 * The memory map of QEMU's microvm, as far as it is fixed. Plain numbers: the linker script
 * includes this file.
 */
#ifndef BOARDS_SOC_MICROVM_MEMORY_MAP_H
#define BOARDS_SOC_MICROVM_MEMORY_MAP_H

#include "boards/soc/pc/memory_map.h"

/* The windows of devices, in units of 2 MiB: power control and virtio, I/O APICs, local APIC. */
#define MICROVM_DEVICES_START 0xfea00000
#define MICROVM_DEVICES_BYTES 0x00600000

#define MICROVM_SLEEP_CONTROL 0xfea00200 /* only with ACPI */
#define MICROVM_IOAPIC2       0xfec10000 /* only with ACPI, unless ioapic2=off */

/*
 * Slots for virtio devices, which QEMU fills from the highest address down. With ACPI, their lines
 * begin at the second I/O APIC's first; without a second one there are fewer.
 */
#define MICROVM_VIRTIO_START            0xfeb00000
#define MICROVM_VIRTIO_SLOT_BYTES       0x200
#define MICROVM_VIRTIO_SLOTS            24
#define MICROVM_VIRTIO_LINE             24
#define MICROVM_VIRTIO_ONE_IOAPIC_SLOTS 8
#define MICROVM_VIRTIO_ONE_IOAPIC_LINE  16

#endif
