/* SPDX-License-Identifier: ISC */
/*
 * The memory map of the BCM2836 and BCM2837 as their processors see it. Plain numbers: linker
 * scripts include it too.
 */
#ifndef BOARDS_SOC_BCM2836_MEMORY_MAP_H
#define BOARDS_SOC_BCM2836_MEMORY_MAP_H

#include "boards/soc/rpi/memory_map.h"

#define BCM2836_PERIPHERALS       0x3f000000
#define BCM2836_PERIPHERALS_BYTES 0x01000000
#define BCM2836_LOCAL_BASE        0x40000000
#define BCM2836_LOCAL_BYTES       0x00200000

#define BCM2836_ARMCTRL_BASE (BCM2836_PERIPHERALS + 0x00b200)
#define BCM2836_DMA_BASE     (BCM2836_PERIPHERALS + 0x007000)
#define BCM2836_RNG_BASE     (BCM2836_PERIPHERALS + RPI_RNG)
#define BCM2836_GPIO_BASE    (BCM2836_PERIPHERALS + RPI_GPIO)
#define BCM2836_SDHOST_BASE  (BCM2836_PERIPHERALS + 0x202000)
#define BCM2836_EMMC_BASE    (BCM2836_PERIPHERALS + 0x300000)
#define BCM2836_USB_BASE     (BCM2836_PERIPHERALS + 0x980000)

/* Mailbox 3 of each core but the first, at which the firmware's 32-bit code has it wait for an
 * address (armstub7.S). */
#define BCM2836_CORE_1     (BCM2836_LOCAL_BASE + 0x9c)
#define BCM2836_CORE_BYTES 16

/* How devices that move data by themselves see memory, past the graphics processor's cache, and the
 * registers of others. */
#define BCM2836_BUS_UNCACHED      0xc0000000u
#define BCM2836_BUS_ADDRESS(base) ((uint32_t)((base)-BCM2836_PERIPHERALS + 0x7e000000u))

#endif
