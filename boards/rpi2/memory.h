/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies: where the firmware loads it. QEMU loads it 32 KiB higher, and it moves
 * itself down. Plain numbers: the linker script includes this file.
 */
#ifndef BOARDS_RPI2_MEMORY_H
#define BOARDS_RPI2_MEMORY_H

#include "boards/soc/bcm2836/memory_map.h"

#define RAM_START       RPI_RAM_START
#define IMAGE_START     (RPI_RAM_START + 0x8000)
#define IMAGE_LOAD      IMAGE_START
#define IMAGE_BYTES_MAX 0x04000000

#endif
