/* SPDX-License-Identifier: ISC */
/*
 * The memory map that the chips of all Raspberry Pis share: RAM, and devices from where each chip
 * has its peripherals. Plain numbers: linker scripts include it too.
 */
#ifndef BOARDS_SOC_RPI_MEMORY_MAP_H
#define BOARDS_SOC_RPI_MEMORY_MAP_H

#define RPI_RAM_START 0x00000000

#define RPI_MAILBOX   0x00b880
#define RPI_PM        0x100000
#define RPI_RNG       0x104000
#define RPI_GPIO      0x200000
#define RPI_UART      0x201000
#define RPI_AUX       0x215000
#define RPI_MINI_UART (RPI_AUX + 0x40)

/* Where the firmware's 64-bit code has each core but the first wait for an address (armstub8.S). */
#define RPI_CORE_1     0xe0
#define RPI_CORE_BYTES 8
#define RPI_CORES      4

/* Where the firmware leaves its list of tags if it has no device tree. */
#define RPI_ATAGS       0x100
#define RPI_ATAGS_BYTES 0x1f00

#endif
