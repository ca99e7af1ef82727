/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies. Plain numbers: the linker script includes this file.
 */
#ifndef BOARDS_MICROVM_MEMORY_H
#define BOARDS_MICROVM_MEMORY_H

#include "boards/soc/microvm/memory_map.h"

#define IMAGE_START     0x100000
#define IMAGE_BYTES_MAX 0x10000000

#endif
