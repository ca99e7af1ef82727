/* SPDX-License-Identifier: ISC */
/*
 * The memory map of the Allwinner H3 (its datasheet 1.2, section 3), as far as it is used. Plain
 * numbers: linker scripts include it too.
 */
#ifndef BOARDS_SOC_ALLWINNER_H3_MEMORY_MAP_H
#define BOARDS_SOC_ALLWINNER_H3_MEMORY_MAP_H

/* All devices of the processors, rounded to 2 MiB. */
#define H3_DEVICES_START 0x01c00000
#define H3_DEVICES_BYTES 0x00400000

#define H3_EMAC_CLOCK      0x01c00030 /* in the system control: how MAC and PHY are joined */
#define H3_MMC0_BASE       0x01c0f000
#define H3_SID_BASE        0x01c14200
#define H3_CCU_BASE        0x01c20000
#define H3_PIO_BASE        0x01c20800
#define H3_WATCHDOG_BASE   0x01c20ca0
#define H3_UART0_BASE      0x01c28000
#define H3_EMAC_BASE       0x01c30000
#define H3_GIC_DISTRIBUTOR 0x01c81000
#define H3_GIC_CPU         0x01c82000

#define H3_RAM_START     0x40000000
#define H3_RAM_BYTES_MAX 0x80000000

/* Where loaders leave their list of tags if they have no device tree: in the first page. */
#define H3_ATAGS       (H3_RAM_START + 0x100)
#define H3_ATAGS_BYTES 0xf00

#endif
