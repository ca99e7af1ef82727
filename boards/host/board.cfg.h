/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_HOST_CFG_H
#define BOARDS_HOST_CFG_H

#include <fata/module.h>

FATA_BOARD(host, .name = "host", .arch = "host",
	   .about = "a process on this Linux machine, network over a tap device",
	   .devices = {{"netif", 8},
		       {"block", 4},
		       {"uart", 1},
		       {"timer", 1},
		       {"clock", 1},
		       {"rng", 1}},
	   .ram_bytes = 16u << 20)

#endif
