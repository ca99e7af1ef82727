/* SPDX-License-Identifier: ISC */
#ifndef ARCH_ARMV7M_MPU_H
#define ARCH_ARMV7M_MPU_H

#include "arch/arm/address_space.h"

/* From armv7m_start(): makes the address space of arch/mmu.h and turns the MPU on, if there is one.
 */
void mpu_init(void);

/* Whether `address` is in the image's flash memory. */
bool mpu_is_flash(uintptr_t address);

#endif
