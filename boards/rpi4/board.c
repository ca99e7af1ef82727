/* SPDX-License-Identifier: ISC */
/*
 * Raspberry Pi 4, 64-bit Arm. See boards/soc/bcm2711.
 */
#include "hal/board.h"
#include "boards/soc/bcm2711/bcm2711.h"
#include "boards/soc/rpi/rpi.h"

const char board_name[] = "rpi4";

const struct mmu_region board_regions[] = {BCM2711_REGIONS};

const struct rpi_cores rpi_cores = {RPI_CORE_1, RPI_CORE_BYTES};
