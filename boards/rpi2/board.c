/* SPDX-License-Identifier: ISC */
/*
 * Raspberry Pi 2, 32-bit Arm. See boards/soc/bcm2836.
 */
#include "hal/board.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"

const char board_name[] = "rpi2";

const struct mmu_region board_regions[] = {BCM2836_REGIONS};

const struct rpi_cores rpi_cores = {BCM2836_CORE_1, BCM2836_CORE_BYTES};

struct block *board_block(unsigned index)
{
	return bcm2836_emmc_card(index);
}
