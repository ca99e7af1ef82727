/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_RPI3_CFG_H
#define BOARDS_RPI3_CFG_H

#include <fata/module.h>

FATA_BOARD(rpi3, .name = "rpi3", .arch = "aarch64",
	   .about = "Raspberry Pi 3 and Zero 2 W, 64-bit Arm",
	   .devices = {{"netif", 1},
		       {"block", 1},
		       {"gpio", 1},
		       {"led", 1},
		       {"watchdog", 1},
		       {"uart", 1},
		       {"timer", 1},
		       {"rng", 1}},
	   .ram_bytes = 512u << 20, .rx_bytes_min = 2048)

#endif
