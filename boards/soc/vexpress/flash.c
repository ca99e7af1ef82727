/* SPDX-License-Identifier: ISC */
/*
 * The second bank of flash memory: the first is firmware's. In QEMU it is there without a file,
 * too, and forgets.
 */
#include "arch/mmu.h"
#include "boards/common/common.h"
#include "boards/soc/vexpress/vexpress.h"
#include "drivers/flash/cfi/cfi.h"
#include "hal/board.h"

struct flash *board_flash(void)
{
	static struct cfi bank;

	if (bank.flash.blocks > 0)
		return &bank.flash;
	if (mmu_protect(VEXPRESS_FLASH, VEXPRESS_FLASH_BYTES, MMU_DEVICE) != OK) {
		board_complain("the flash memory could not be mapped");
		return NULL;
	}
	if (cfi_init(&bank, VEXPRESS_FLASH, VEXPRESS_FLASH_BYTES, board_timer(), "flash") != OK) {
		board_complain("there is no flash memory with Intel's command set");
		return NULL;
	}
	return &bank.flash;
}
