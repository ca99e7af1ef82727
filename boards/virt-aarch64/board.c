/* SPDX-License-Identifier: ISC */
/*
 * QEMU's "virt" machine with a 64-bit Arm processor. See boards/soc/qemu-virt.
 */
#include "hal/board.h"
#include "boards/soc/qemu-virt/qemu_virt.h"

const char board_name[] = "virt-aarch64";

const struct mmu_region board_regions[] = {QEMU_VIRT_REGIONS};
