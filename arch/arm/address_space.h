/* SPDX-License-Identifier: ISC */
/*
 * What the code that 32-bit Arm cores share asks of the address space, which an MMU or an MPU
 * makes.
 */
#ifndef ARCH_ARM_ADDRESS_SPACE_H
#define ARCH_ARM_ADDRESS_SPACE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether `address` is in a page that is a guard. */
bool mmu_is_guard(uintptr_t address);

/* Whether `address` is in ordinary memory for reading and writing. */
bool mmu_is_data(uintptr_t address);

#endif
