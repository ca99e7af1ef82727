/* SPDX-License-Identifier: ISC */
/*
 * Arm's Versatile Express with a Cortex-A15. See boards/soc/vexpress.
 */
#include "hal/board.h"
#include "boards/soc/vexpress/vexpress.h"

const char board_name[] = "vexpress-a15";

const struct mmu_region board_regions[] = {VEXPRESS_REGIONS};
