/* SPDX-License-Identifier: ISC */
/*
 * What the rest of the architecture asks of the address space.
 */
#ifndef ARCH_ARMV7A_MMU_H
#define ARCH_ARMV7A_MMU_H

#include "arch/arm/address_space.h"

/* From entry.S: builds the tables and turns the MMU and the caches on. Uses no BSS. */
void mmu_init(void);

#endif
