/* SPDX-License-Identifier: ISC */
/* What the configuration compiler knows of the board. */
#ifndef BOARDS_MICROVM_CFG_H
#define BOARDS_MICROVM_CFG_H

#include <fata/module.h>

FATA_BOARD(microvm, .name = "microvm", .arch = "x86_64",
	   .about = "QEMU's microvm, x86-64 under KVM or emulated, virtio devices",
	   .devices = {{"netif", 2},
		       {"block", 2},
		       {"uart", 1},
		       {"timer", 1},
		       {"clock", 1},
		       {"rng", 1}},
	   .ram_bytes = 64u << 20)

#endif
