/* SPDX-License-Identifier: ISC */
/*
 * The memory map of AMD's Zynq UltraScale+ (UG1085, chapter 10; UG1087). Plain numbers: linker
 * scripts include it too.
 */
#ifndef BOARDS_SOC_ZYNQMP_MEMORY_MAP_H
#define BOARDS_SOC_ZYNQMP_MEMORY_MAP_H

#define ZYNQMP_RAM_START 0x00000000

/* The interrupt controller, whose pages of 4 KiB are repeated through 64 KiB each. */
#define ZYNQMP_GIC             0xf9000000
#define ZYNQMP_GIC_BYTES       0x00200000
#define ZYNQMP_GIC_DISTRIBUTOR 0xf9010000
#define ZYNQMP_GIC_CPU         0xf9020000

/* The devices of the low-power domain, and the clocks and resets of that domain. */
#define ZYNQMP_DEVICES       0xff000000
#define ZYNQMP_DEVICES_BYTES 0x00600000
#define ZYNQMP_UART0         0xff000000
#define ZYNQMP_GEM0          0xff0b0000
#define ZYNQMP_GEM_STRIDE    0x00010000
#define ZYNQMP_SDHCI0        0xff160000
#define ZYNQMP_SDHCI_STRIDE  0x00010000
#define ZYNQMP_CRL_GEM0      0xff5e0050 /* GEM0_REF_CTRL; those of the others follow */

#endif
