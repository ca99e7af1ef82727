/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_MPS2_AN500_CFG_H
#define BOARDS_MPS2_AN500_CFG_H

#include <fata/module.h>

FATA_BOARD(mps2_an500, .name = "mps2-an500", .arch = "armv7m",
	   .about = "Arm's MPS2 board as a Cortex-M7 microcontroller",
	   .devices = {{"netif", 1}, {"uart", 1}, {"timer", 1}}, .flash_bytes = 4u << 20,
	   .ram_bytes = 4u << 20, .rx_room_bytes = 20, .argument_block_bytes = 128,
	   .stack_bytes_min = 1024)

#endif
