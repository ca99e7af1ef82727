/* SPDX-License-Identifier: ISC */
/*
 * The first C code with the MMU on.
 */
#include "arch/aarch64/boot.h"

#include "arch/arm_sysreg.h"
#include "arch/fault.h"

uint64_t arch_counter_at_entry;

USED void boot_main(const void *fdt, uint64_t counter, unsigned level)
{
	struct boot boot = {.fdt = fdt};

	arch_counter_at_entry = counter;
	exit_set_entry_level(level);
	start(&boot);
}
