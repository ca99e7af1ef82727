/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_ZCU102_CFG_H
#define BOARDS_ZCU102_CFG_H

#include <fata/module.h>

FATA_BOARD(zcu102, .name = "zcu102", .arch = "aarch64",
	   .about = "AMD's ZCU102, Zynq UltraScale+, 64-bit Arm",
	   .devices = {{"netif", 1}, {"block", 1}, {"uart", 1}, {"timer", 1}, {"rng", 1}},
	   .ram_bytes = 1024u << 20, .rx_bytes_min = 2048, .argument_block_bytes = 256)

#endif
