/* SPDX-License-Identifier: ISC */
/* Where the image lies: where QEMU loads a kernel. Plain numbers: the linker script includes it. */
#ifndef BOARDS_VEXPRESS_A15_MEMORY_H
#define BOARDS_VEXPRESS_A15_MEMORY_H

#include "boards/soc/vexpress/memory_map.h"

#define RAM_START       VEXPRESS_RAM_START
#define IMAGE_START     (VEXPRESS_RAM_START + 0x10000)
#define IMAGE_LOAD      IMAGE_START
#define IMAGE_BYTES_MAX 0x04000000

#endif
