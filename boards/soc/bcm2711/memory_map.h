/* SPDX-License-Identifier: ISC */
/*
 * The memory map of the BCM2711 as its processors see it in "low peripheral" mode, which is the
 * firmware's default. Plain numbers: linker scripts include it too.
 */
#ifndef BOARDS_SOC_BCM2711_MEMORY_MAP_H
#define BOARDS_SOC_BCM2711_MEMORY_MAP_H

#include "boards/soc/rpi/memory_map.h"

/* RAM ends there, and goes on at 4 GiB. */
#define BCM2711_DEVICES       0xfc000000
#define BCM2711_DEVICES_BYTES 0x04000000

#define BCM2711_GENET_BASE      0xfd580000
#define BCM2711_PERIPHERALS     0xfe000000
#define BCM2711_RNG_BASE        (BCM2711_PERIPHERALS + RPI_RNG)
#define BCM2711_EMMC2_BASE      (BCM2711_PERIPHERALS + 0x340000)
#define BCM2711_GIC_DISTRIBUTOR 0xff841000
#define BCM2711_GIC_CPU         0xff842000

#endif
