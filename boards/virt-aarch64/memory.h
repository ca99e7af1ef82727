/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies. Plain numbers: the linker script includes this file.
 */
#ifndef BOARDS_VIRT_AARCH64_MEMORY_H
#define BOARDS_VIRT_AARCH64_MEMORY_H

#include "boards/soc/qemu-virt/memory_map.h"

#define RAM_START       QEMU_VIRT_RAM_START
#define IMAGE_START     QEMU_VIRT_IMAGE_START
#define IMAGE_BYTES_MAX 0x10000000

#endif
