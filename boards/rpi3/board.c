/* SPDX-License-Identifier: ISC */
/*
 * Raspberry Pi 3 and Zero 2 W, 64-bit Arm. See boards/soc/bcm2836.
 */
#include "hal/board.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"

const char board_name[] = "rpi3";

const struct mmu_region board_regions[] = {BCM2836_REGIONS};

const struct rpi_cores rpi_cores = {RPI_CORE_1, RPI_CORE_BYTES};

/* The standard controller is the wireless chip's. */
struct block *board_block(unsigned index)
{
	return bcm2836_sdhost_card(index);
}
