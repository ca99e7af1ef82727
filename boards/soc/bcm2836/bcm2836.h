/* SPDX-License-Identifier: ISC */
/*
 * The BCM2836 and BCM2837, the chips of the Raspberry Pi 2 and 3 and the Zero 2 W: everything of
 * hal/board.h except what a board of this kind says itself: board_name[] and board_regions[]
 * (arch/mmu.h), for which BCM2836_REGIONS is the table's content, and board_block(), since the chip
 * has two controllers for one card.
 *
 * Devices are where they always are. The firmware's device tree, or its list of tags if it had no
 * tree, says how much memory there is and what the boot arguments are; the tree also which serial
 * port is the console. What is needed is copied, so that their memory is free for the heap.
 */
#ifndef BOARDS_SOC_BCM2836_BCM2836_H
#define BOARDS_SOC_BCM2836_BCM2836_H

#include <stdbool.h>

#include "arch/mmu.h"
#include "boards/soc/bcm2836/memory_map.h"
#include "boards/tree/tree.h"
#include "drivers/firmware/rpi_firmware/rpi_firmware.h"
#include "hal/block.h"
#include "hal/irq.h"

#define BCM2836_REGIONS                                                                            \
	{BCM2836_PERIPHERALS, BCM2836_PERIPHERALS_BYTES, MMU_DEVICE},                              \
		{BCM2836_LOCAL_BASE, BCM2836_LOCAL_BYTES, MMU_DEVICE},                             \
	{                                                                                          \
		0                                                                                  \
	}

/* The mailbox to the firmware. */
extern struct rpi_firmware bcm2836_firmware;

/* The interrupt controllers, initialised at the first call. After board_init(). */
struct irq_chip *bcm2836_irq_chip(void);

/* The card on the chip's standard controller ("EMMC") or on the other one, for board_block(). */
struct block *bcm2836_emmc_card(unsigned index);
struct block *bcm2836_sdhost_card(unsigned index);

/* Makes the mini UART the console instead of the PL011. For board_init(). */
void bcm2836_use_mini_uart(void);

/* Gives the console its interrupt, for input. For bcm2836_irq_chip(). */
void bcm2836_set_console_irq(struct irq_chip *chip);

/* Writes "board: message" as a line to the console, before there is a log. */
void bcm2836_complain(const char *message);

#endif
