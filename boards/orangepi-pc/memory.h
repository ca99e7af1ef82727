/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies: where QEMU loads a kernel. U-Boot loads it higher, and it moves itself
 * down. Plain numbers: the linker script includes this file.
 */
#ifndef BOARDS_ORANGEPI_PC_MEMORY_H
#define BOARDS_ORANGEPI_PC_MEMORY_H

#include "boards/soc/allwinner-h3/memory_map.h"

#define RAM_START       H3_RAM_START
#define IMAGE_START     (H3_RAM_START + 0x10000)
#define IMAGE_LOAD      IMAGE_START
#define IMAGE_BYTES_MAX 0x04000000

#endif
