/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies. Plain numbers: the linker script includes this file.
 *
 * It runs where QEMU loads a raw kernel, 64 KiB above the start of RAM, so that a machine of
 * 1 MiB can use nearly all of it. As an ELF file it is loaded above the first MiB, and
 * moves itself down: QEMU leaves the device tree at the start of RAM only if the
 * file leaves it a MiB there.
 */
#ifndef BOARDS_VIRT_ARM_MEMORY_H
#define BOARDS_VIRT_ARM_MEMORY_H

#include "boards/soc/qemu-virt/memory_map.h"

#define RAM_START       QEMU_VIRT_RAM_START
#define IMAGE_START     (QEMU_VIRT_RAM_START + 0x10000)
#define IMAGE_LOAD      QEMU_VIRT_IMAGE_START
#define IMAGE_BYTES_MAX 0x04000000

#endif
