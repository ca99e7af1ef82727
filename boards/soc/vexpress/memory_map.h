/* SPDX-License-Identifier: ISC */
/*
 * The memory map of Arm's Versatile Express: the motherboard V2M-P1 in its "Cortex-A Series" map
 * (Arm DUI 0447), below a core tile with a Cortex-A15 (Arm DUI 0604). Plain numbers:
 * linker scripts include it too.
 */
#ifndef BOARDS_SOC_VEXPRESS_MEMORY_MAP_H
#define BOARDS_SOC_VEXPRESS_MEMORY_MAP_H

/* The windows of devices, each 2 MiB: Ethernet, the motherboard's, the processor's own. */
#define VEXPRESS_WINDOW_BYTES 0x00200000
#define VEXPRESS_ETHERNET     0x1a000000
#define VEXPRESS_PERIPHERALS  0x1c000000
#define VEXPRESS_PRIVATE      0x2c000000

#define VEXPRESS_SYSTEM          0x1c010000
#define VEXPRESS_MCI             0x1c050000
#define VEXPRESS_UART0           0x1c090000
#define VEXPRESS_RTC             0x1c170000
#define VEXPRESS_GIC_DISTRIBUTOR 0x2c001000
#define VEXPRESS_GIC_CPU         0x2c002000

/* The second bank of flash memory, which is mapped when somebody asks for it. */
#define VEXPRESS_FLASH       0x0c000000
#define VEXPRESS_FLASH_BYTES 0x04000000

#define VEXPRESS_RAM_START     0x80000000
#define VEXPRESS_RAM_BYTES_MAX 0x80000000

/* Where loaders leave their list of tags if they have no device tree: in the first page. */
#define VEXPRESS_ATAGS       (VEXPRESS_RAM_START + 0x100)
#define VEXPRESS_ATAGS_BYTES 0xf00

#endif
