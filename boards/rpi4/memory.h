/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies: where the firmware, told so by config.txt or by the image's header, and
 * QEMU load it. Plain numbers: the linker script includes this file.
 */
#ifndef BOARDS_RPI4_MEMORY_H
#define BOARDS_RPI4_MEMORY_H

#include "boards/soc/bcm2711/memory_map.h"

#define RAM_START       RPI_RAM_START
#define IMAGE_START     (RPI_RAM_START + 0x80000)
#define IMAGE_BYTES_MAX 0x04000000

#endif
