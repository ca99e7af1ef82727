/* SPDX-License-Identifier: ISC */
/*
 * The memory map of the BCM2836 and BCM2837 as their processors see it. Plain numbers: linker
 * scripts include it too.
 */
#ifndef BOARDS_SOC_BCM2836_MEMORY_MAP_H
#define BOARDS_SOC_BCM2836_MEMORY_MAP_H

#define BCM2836_RAM_START 0x00000000

#define BCM2836_PERIPHERALS       0x3f000000
#define BCM2836_PERIPHERALS_BYTES 0x01000000
#define BCM2836_LOCAL_BASE        0x40000000
#define BCM2836_LOCAL_BYTES       0x00200000

#define BCM2836_ARMCTRL_BASE (BCM2836_PERIPHERALS + 0x00b200)
#define BCM2836_DMA_BASE     (BCM2836_PERIPHERALS + 0x007000)
#define BCM2836_MAILBOX_BASE (BCM2836_PERIPHERALS + 0x00b880)
#define BCM2836_PM_BASE      (BCM2836_PERIPHERALS + 0x100000)
#define BCM2836_RNG_BASE     (BCM2836_PERIPHERALS + 0x104000)
#define BCM2836_GPIO_BASE    (BCM2836_PERIPHERALS + 0x200000)
#define BCM2836_UART_BASE    (BCM2836_PERIPHERALS + 0x201000)
#define BCM2836_SDHOST_BASE  (BCM2836_PERIPHERALS + 0x202000)
#define BCM2836_AUX_BASE     (BCM2836_PERIPHERALS + 0x215000)
#define BCM2836_MINI_UART    (BCM2836_AUX_BASE + 0x40)
#define BCM2836_EMMC_BASE    (BCM2836_PERIPHERALS + 0x300000)
#define BCM2836_USB_BASE     (BCM2836_PERIPHERALS + 0x980000)

/* How devices that move data by themselves see memory, past the graphics processor's cache, and the
 * registers of others. */
#define BCM2836_BUS_UNCACHED      0xc0000000u
#define BCM2836_BUS_ADDRESS(base) ((uint32_t)((base)-BCM2836_PERIPHERALS + 0x7e000000u))

/* Where the firmware leaves its list of tags if it has no device tree. */
#define BCM2836_ATAGS       0x100
#define BCM2836_ATAGS_BYTES 0x1f00

#endif
