/* SPDX-License-Identifier: ISC */
/*
 * The BCM2711, the chip of the Raspberry Pi 4: everything of hal/board.h that boards/soc/rpi leaves
 * to the chip, except what a board of this kind says itself: board_name[] and board_regions[]
 * (arch/mmu.h), for which BCM2711_REGIONS is the table's content.
 */
#ifndef BOARDS_SOC_BCM2711_BCM2711_H
#define BOARDS_SOC_BCM2711_BCM2711_H

#include "arch/mmu.h"
#include "boards/soc/bcm2711/memory_map.h"

#define BCM2711_REGIONS                                                                            \
	{BCM2711_DEVICES, BCM2711_DEVICES_BYTES, MMU_DEVICE},                                      \
	{                                                                                          \
		0                                                                                  \
	}

/* What QEMU lacks, by its place in rpi_chip.optional. */
enum { BCM2711_HAS_RNG200, BCM2711_HAS_GENET };

/* Interrupts by the GIC's numbers: PPI and SPI of the device tree, and 16 or 32. */
enum {
	BCM2711_TIMER_VIRTUAL = 16 + 11,
	BCM2711_TIMER_PHYSICAL = 16 + 14,
	BCM2711_AUX = 32 + 93,   /* the mini UART */
	BCM2711_GPIO = 32 + 116, /* of all pins */
	BCM2711_UART = 32 + 121,
	BCM2711_EMMC2 = 32 + 126,
	BCM2711_GENET = 32 + 157, /* its default queues; the next is that of the others */
	BCM2711_LINES = 192,
};

#endif
