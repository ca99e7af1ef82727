/* SPDX-License-Identifier: ISC */
/*
 * The Orange Pi PC. See boards/soc/allwinner-h3.
 */
#include "hal/board.h"
#include "boards/soc/allwinner-h3/h3.h"

const char board_name[] = "orangepi-pc";

/* The lights at the socket light up when their line is low. */
const uint32_t h3_phy_leds = H3_PHY_LEDS_ACTIVE_LOW;

const struct mmu_region board_regions[] = {H3_REGION, {0}};
