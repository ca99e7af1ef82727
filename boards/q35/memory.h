/* SPDX-License-Identifier: ISC */
/* The memory map of PCs, as far as it is fixed. Plain numbers: the linker script includes it. */
#ifndef BOARDS_Q35_MEMORY_H
#define BOARDS_Q35_MEMORY_H

#include "boards/soc/pc/memory_map.h"

#define IMAGE_START     0x100000
#define IMAGE_BYTES_MAX 0x10000000

#endif
