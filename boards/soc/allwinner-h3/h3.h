/* SPDX-License-Identifier: ISC */
/*
 * The Allwinner H3: everything of hal/board.h that is not named below. A board with it says
 * board_name[], board_regions[] (arch/mmu.h), for which H3_REGION is the entry, and h3_phy_leds.
 *
 * Devices are where they always are; U-Boot or its first stage has set up the memory, the PLLs and
 * the console. A device tree says how much memory there is and what the boot arguments are, or a
 * list of tags (ATAGS) in the first page of RAM; without either the image takes the memory that all
 * boards have, H3_RAM_AT_LEAST. What is needed is copied, so that their memory is free for the
 * heap. A device's clock is turned on when the device is first asked for.
 */
#ifndef BOARDS_SOC_ALLWINNER_H3_H3_H
#define BOARDS_SOC_ALLWINNER_H3_H3_H

#include <stdint.h>

#include "arch/mmu.h"
#include "boards/soc/allwinner-h3/memory_map.h"
#include "hal/irq.h"
#include "hal/timer.h"

#define H3_REGION                                                                                  \
	{                                                                                          \
		H3_DEVICES_START, H3_DEVICES_BYTES, MMU_DEVICE                                     \
	}

enum { H3_RAM_AT_LEAST = 512 << 20 };

/* Interrupts, as the GIC counts them: 16 to 31 are the core's own. */
enum {
	H3_LINE_TIMER_VIRTUAL = 27,
	H3_LINE_TIMER_PHYSICAL = 30,
	H3_LINE_UART0 = 32,
	H3_LINE_MMC0 = 92,
	H3_LINE_EMAC = 114,
	H3_LINES = 128,
};

/* How the lights at the Ethernet socket are wired: 0, or the other. */
#define H3_PHY_LEDS_ACTIVE_LOW 0x00020000u
extern const uint32_t h3_phy_leds;

/* --- between the files of this folder -------------------------------------------------------- */

/* A device on its bus, in the clock control unit: word and bit of its gate and of its reset. */
struct h3_bus_device {
	uint16_t gate, gate_bit, reset, reset_bit;
};

/* Lets the clock through and ends the reset. */
void h3_turn_on(const struct h3_bus_device *d);

/*
 * The interrupt controller, initialised at the first call, which stops the image if that fails.
 * After board_init().
 */
struct irq_chip *h3_irq_chip(void);

/* The second of the core's two timers, for drivers with alarms of their own; NULL: it fails. */
struct timer *h3_second_timer(void);

/* Brings up the console; gives it its interrupt. */
void h3_console_init(void);
void h3_console_set_irq(struct irq_chip *chip);

#endif
