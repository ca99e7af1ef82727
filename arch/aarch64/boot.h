/* SPDX-License-Identifier: ISC */
/*
 * What entry.S and the C files of this folder know of each other.
 */
#ifndef ARCH_AARCH64_BOOT_H
#define ARCH_AARCH64_BOOT_H

#include <stdint.h>

#include "base/attr.h"

/* mmu_image.c: builds the page tables of the image and the board, MMU off; returns the root's
 * address. */
uintptr_t mmu_map_image(void);

/* mmu_image.c: TCR_EL1 for these tables and this processor. */
uint64_t mmu_tcr(void);

/* cpu.c: a random number for a key, the best that there is before the board is known. */
uint64_t boot_random(void);

/* boot.c: goes on to start(), from the exception level at entry, with the counter as it was. */
NORETURN void boot_main(const void *fdt, uint64_t counter, unsigned level);

/* exit.c: the image was entered at exception level `level`. */
void exit_set_entry_level(unsigned level);

/* The stacks' ends (linker script). The page at each _guard is unmapped. */
extern uint8_t irq_stack_guard[], fault_stack_guard[], boot_stack_guard[];

#endif
