/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_VIRT_AARCH64_CFG_H
#define BOARDS_VIRT_AARCH64_CFG_H

#include <fata/module.h>

FATA_BOARD(virt_aarch64, .name = "virt-aarch64", .arch = "aarch64",
	   .about = "QEMU's virt machine, 64-bit Arm, virtio devices",
	   .devices = {{"netif", 2},
		       {"block", 2},
		       {"flash", 1},
		       {"uart", 1},
		       {"timer", 1},
		       {"clock", 1},
		       {"rng", 1}},
	   .ram_bytes = 128u << 20)

#endif
