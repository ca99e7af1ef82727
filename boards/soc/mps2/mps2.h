/* SPDX-License-Identifier: ISC */
/*
 * What boards of the MPS2 family share. A board says where its Ethernet controller is.
 */
#ifndef BOARDS_SOC_MPS2_MPS2_H
#define BOARDS_SOC_MPS2_MPS2_H

#include <stdint.h>

#include "arch/mmu.h"
#include "boards/soc/mps2/memory_map.h"
#include "hal/irq.h"

/* Interrupt lines. */
enum {
	MPS2_LINE_UART_RX = 0,
	MPS2_LINE_TIMER = 8,
	MPS2_LINE_DUAL = 10,
	MPS2_LINE_ETHERNET = 13,
};

/* For board_regions: the devices of the system design kit and what lies around them. */
#define MPS2_REGION                                                                                \
	{                                                                                          \
		MPS2_PERIPHERALS, MPS2_REGIONS_BYTES, MMU_DEVICE                                   \
	}

/* Of the board: where its LAN9118 is. */
extern const uintptr_t mps2_ethernet_base;

/* The interrupt controller, initialised at the first call. */
struct irq_chip *mps2_irq_chip(void);

/* The console's interrupt, for whoever starts the controller. */
void mps2_set_console_irq(struct irq_chip *chip);

#endif
