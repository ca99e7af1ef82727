/* SPDX-License-Identifier: ISC */
/*
 * Arm's MPS2 board as a Cortex-M7. See boards/soc/mps2.
 */
#include "hal/board.h"
#include "boards/soc/mps2/mps2.h"

const char board_name[] = "mps2-an500";
const uintptr_t mps2_ethernet_base = 0xa0000000;

const struct mmu_region board_regions[] = {MPS2_REGION, {0xa0000000, 4096, MMU_DEVICE}, {0}};
