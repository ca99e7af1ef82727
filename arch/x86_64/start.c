/* SPDX-License-Identifier: ISC */
/*
 * The first C code: exceptions, then the address space, then the runtime.
 */
#include "arch/boot.h"
#include "arch/fault.h"
#include "arch/image.h"
#include "arch/pvh.h"
#include "arch/x86.h"
#include "arch/x86_64/x86_64.h"

/*
 * A start info that cannot be used leaves the image without RAM of its own and the board, which has
 * a console, to say so.
 */
USED NORETURN void x86_start(uintptr_t address, uint64_t tsc)
{
	struct boot boot = {0};
	struct pvh_ram ram = {0}, low = {0}, window = PVH_LOW;

	tsc_at_entry = tsc;
	traps_init();
	const struct pvh_start_info *info = loaders_start_info != NULL
						    ? loaders_start_info(address, &window)
						    : pvh_check(address, window);
	if (info != NULL) {
		boot.info = (uintptr_t)info;
		ram = pvh_ram_from(info, (uintptr_t)image_end);
		low = pvh_ram_low(info, PVH_LOW);
		if (pvh_cmdline(info, window, &boot.cmdline) != OK)
			boot.cmdline = NULL;
	}
	mmu_init(ram.bytes, low);
	start(&boot);
}
