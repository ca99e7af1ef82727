/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_VEXPRESS_A15_CFG_H
#define BOARDS_VEXPRESS_A15_CFG_H

#include <fata/module.h>

FATA_BOARD(vexpress_a15, .name = "vexpress-a15", .arch = "armv7a",
	   .about = "Arm's Versatile Express with a Cortex-A15, 32-bit Arm",
	   .devices = {{"netif", 1},
		       {"block", 1},
		       {"flash", 1},
		       {"uart", 1},
		       {"timer", 1},
		       {"clock", 1},
		       {"rng", 1}},
	   .ram_bytes = 128u << 20)

#endif
