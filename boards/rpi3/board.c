/* SPDX-License-Identifier: ISC */
/*
 * Raspberry Pi 3 and Zero 2 W, 64-bit Arm. See boards/soc/bcm2836.
 */
#include "hal/board.h"
#include "boards/soc/bcm2836/bcm2836.h"

const char board_name[] = "rpi3";

const struct mmu_region board_regions[] = {BCM2836_REGIONS};

/* The standard controller is the wireless chip's. */
struct block *board_block(unsigned index)
{
	return bcm2836_sdhost_card(index);
}
