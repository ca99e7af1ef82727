/* SPDX-License-Identifier: ISC */
/*
 * What the rest of the architecture asks of the address space.
 */
#ifndef ARCH_ARMV7A_MMU_H
#define ARCH_ARMV7A_MMU_H

#include <stdbool.h>
#include <stdint.h>

/* From entry.S: builds the tables and turns the MMU and the caches on. Uses no BSS. */
void mmu_init(void);

/* Whether `address` is in a page that mmu_protect() or mmu_init() made a guard. */
bool mmu_is_guard(uintptr_t address);

/* Whether `address` is in ordinary memory mapped for reading and writing. */
bool mmu_is_data(uintptr_t address);

#endif
