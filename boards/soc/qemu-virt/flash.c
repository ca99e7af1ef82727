/* SPDX-License-Identifier: ISC */
/*
 * The second bank of flash memory, -drive if=pflash,index=1: mapped when somebody asks for it.
 */
#include "arch/mmu.h"
#include "boards/common/common.h"
#include "boards/soc/qemu-virt/memory_map.h"
#include "drivers/flash/cfi/cfi.h"
#include "hal/board.h"

struct flash *board_flash(void)
{
	static struct cfi bank;

	if (bank.flash.blocks > 0)
		return &bank.flash;
	if (mmu_protect(QEMU_VIRT_FLASH, QEMU_VIRT_FLASH_BYTES, MMU_DEVICE) != OK) {
		board_complain("the flash memory could not be mapped");
		return NULL;
	}
	if (cfi_init(&bank, QEMU_VIRT_FLASH, QEMU_VIRT_FLASH_BYTES, board_timer(), "flash") != OK) {
		board_complain("there is no flash memory with Intel's command set");
		return NULL;
	}
	return &bank.flash;
}
