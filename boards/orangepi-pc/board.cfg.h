/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_ORANGEPI_PC_CFG_H
#define BOARDS_ORANGEPI_PC_CFG_H

#include <fata/module.h>

FATA_BOARD(orangepi_pc, .name = "orangepi-pc", .arch = "armv7a",
	   .about = "Orange Pi PC (Allwinner H3), 32-bit Arm",
	   .devices = {{"netif", 1},
		       {"block", 1},
		       {"watchdog", 1},
		       {"uart", 1},
		       {"timer", 1},
		       {"rng", 1}},
	   .ram_bytes = 512u << 20)

#endif
