/* SPDX-License-Identifier: ISC */
/* Plain numbers: the linker script includes this file. */
#ifndef BOARDS_MPS2_AN386_MEMORY_H
#define BOARDS_MPS2_AN386_MEMORY_H

#include "boards/soc/mps2/memory_map.h"

#endif
