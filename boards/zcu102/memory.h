/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies: where U-Boot, told so by the image's header, and QEMU load it. Plain
 * numbers: the linker script includes this file.
 */
#ifndef BOARDS_ZCU102_MEMORY_H
#define BOARDS_ZCU102_MEMORY_H

#include "boards/soc/zynqmp/memory_map.h"

#define RAM_START       ZYNQMP_RAM_START
#define IMAGE_START     (ZYNQMP_RAM_START + 0x80000)
#define IMAGE_BYTES_MAX 0x04000000

#endif
