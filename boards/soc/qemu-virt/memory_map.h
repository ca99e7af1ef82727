/* SPDX-License-Identifier: ISC */
/*
 * The memory map of QEMU's "virt" machines, as far as it must be known before the device tree is
 * read. Plain numbers: linker scripts include it too.
 */
#ifndef BOARDS_SOC_QEMU_VIRT_MEMORY_MAP_H
#define BOARDS_SOC_QEMU_VIRT_MEMORY_MAP_H

/* Interrupt controllers, serial port, clock and virtio slots, rounded to 2 MiB. */
#define QEMU_VIRT_DEVICES_START 0x08000000
#define QEMU_VIRT_DEVICES_BYTES 0x02200000

/* The console, for the message that there is no device tree. */
#define QEMU_VIRT_UART 0x09000000

/* The second bank of flash memory: the first is firmware's. */
#define QEMU_VIRT_FLASH       0x04000000
#define QEMU_VIRT_FLASH_BYTES 0x04000000

#define QEMU_VIRT_RAM_START 0x40000000

/*
 * QEMU puts the device tree (1 MiB) at the start of RAM for an ELF image, if nothing of the image
 * lies there; for an image with the kernel's header it puts it behind and says where.
 */
#define QEMU_VIRT_FDT_BYTES   0x00100000
#define QEMU_VIRT_IMAGE_START (QEMU_VIRT_RAM_START + QEMU_VIRT_FDT_BYTES)

#endif
