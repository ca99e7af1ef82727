/* SPDX-License-Identifier: ISC */
/*
 * AMD's Zynq UltraScale+ MPSoC, its Cortex-A53 cores: everything of hal/board.h except what a board
 * says itself: board_name[], board_regions[] (arch/mmu.h), for which ZYNQMP_REGIONS is the table's
 * content, and `zynqmp_board`.
 *
 * Devices are where they always are. A device tree, if the loader passes one, says how much memory
 * there is, the boot arguments and a seed; without one the memory is what the
 * board says, and the arguments are in the image. What is needed is copied, so that the tree's
 * memory is free for the heap. Clocks, pins and memory have been set up by the first-stage loader.
 */
#ifndef BOARDS_SOC_ZYNQMP_ZYNQMP_H
#define BOARDS_SOC_ZYNQMP_ZYNQMP_H

#include <stddef.h>
#include <stdint.h>

#include "arch/mmu.h"
#include "boards/soc/zynqmp/memory_map.h"
#include "drivers/net/phy/phy.h"
#include "hal/irq.h"

#define ZYNQMP_REGIONS                                                                             \
	{ZYNQMP_GIC, ZYNQMP_GIC_BYTES, MMU_DEVICE},                                                \
		{ZYNQMP_DEVICES, ZYNQMP_DEVICES_BYTES, MMU_DEVICE},                                \
	{                                                                                          \
		0                                                                                  \
	}

/* Interrupts by the GIC's numbers (UG1085, table 13-1). */
enum {
	ZYNQMP_TIMER_VIRTUAL = 16 + 11,
	ZYNQMP_TIMER_PHYSICAL = 16 + 14,
	ZYNQMP_LINE_UART0 = 32 + 21,
	ZYNQMP_LINE_SDHCI0 = 32 + 48, /* that of SDHCI1 follows */
	ZYNQMP_LINE_GEM0 = 32 + 57,   /* those of the others follow, with their wake-ups between */
	ZYNQMP_LINES = 192,
};

/* What differs between boards. */
struct zynqmp_board {
	size_t ram_bytes; /* from ZYNQMP_RAM_START on, where no device tree says it */
	uint8_t gem;      /* which of the Ethernet controllers is connected, 0 to 3 */
	uint8_t gem_phy;  /* its PHY's address on MDIO, or PHY_ADDRESS_ANY */
	uint8_t sdhci;    /* which of the SD controllers has the slot, 0 or 1 */
	enum err (*gem_phy_setup)(struct phy *p); /* as in struct phy_config */
};

extern const struct zynqmp_board zynqmp_board;

/*
 * The interrupt controller, initialised at the first call, which stops the image if that fails.
 * After board_init().
 */
struct irq_chip *zynqmp_irq_chip(void);

/* Turns the console on. For board_init(). */
void zynqmp_console_init(void);

/* Gives the console its interrupt, for input. For zynqmp_irq_chip(). */
void zynqmp_set_console_irq(struct irq_chip *chip);

#endif
