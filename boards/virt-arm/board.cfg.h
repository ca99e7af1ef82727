/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_VIRT_ARM_CFG_H
#define BOARDS_VIRT_ARM_CFG_H

#include <fata/module.h>

FATA_BOARD(virt_arm, .name = "virt-arm", .arch = "armv7a",
	   .about = "QEMU's virt machine, 32-bit Arm, virtio devices",
	   .devices = {{"netif", 2},
		       {"block", 2},
		       {"flash", 1},
		       {"uart", 1},
		       {"timer", 1},
		       {"clock", 1},
		       {"rng", 1}},
	   .ram_bytes = 128u << 20)

#endif
