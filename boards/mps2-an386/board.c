/* SPDX-License-Identifier: ISC */
/*
 * Arm's MPS2 board as a Cortex-M4. See boards/soc/mps2.
 */
#include "hal/board.h"
#include "boards/soc/mps2/mps2.h"

const char board_name[] = "mps2-an386";
const uintptr_t mps2_ethernet_base = 0x40200000;

const struct mmu_region board_regions[] = {MPS2_REGION, {0}};
