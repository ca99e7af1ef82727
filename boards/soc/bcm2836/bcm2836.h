/* SPDX-License-Identifier: ISC */
/*
 * The BCM2836 and BCM2837, the chips of the Raspberry Pi 2 and 3 and the Zero 2 W: everything of
 * hal/board.h that boards/soc/rpi leaves to the chip, except what a board of this kind says itself:
 * board_name[] and board_regions[] (arch/mmu.h), for which BCM2836_REGIONS is the table's content,
 * and board_block(), since the chip has two controllers for one card.
 */
#ifndef BOARDS_SOC_BCM2836_BCM2836_H
#define BOARDS_SOC_BCM2836_BCM2836_H

#include "arch/mmu.h"
#include "boards/soc/bcm2836/memory_map.h"
#include "hal/block.h"

#define BCM2836_REGIONS                                                                            \
	{BCM2836_PERIPHERALS, BCM2836_PERIPHERALS_BYTES, MMU_DEVICE},                              \
		{BCM2836_LOCAL_BASE, BCM2836_LOCAL_BYTES, MMU_DEVICE},                             \
	{                                                                                          \
		0                                                                                  \
	}

/* The card on the chip's standard controller ("EMMC") or on the other one, for board_block(). */
struct block *bcm2836_emmc_card(unsigned index);
struct block *bcm2836_sdhost_card(unsigned index);

#endif
