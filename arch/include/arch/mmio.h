/* SPDX-License-Identifier: ISC */
/*
 * Device registers in memory: one access of exactly the width named, in program order
 * with other accesses to the same device. Ordering against ordinary memory needs a
 * barrier (arch/barrier.h).
 */
#ifndef ARCH_MMIO_H
#define ARCH_MMIO_H

#include <stdint.h>

static inline uint8_t mmio_read8(uintptr_t address);
static inline uint16_t mmio_read16(uintptr_t address);
static inline uint32_t mmio_read32(uintptr_t address);
static inline void mmio_write8(uintptr_t address, uint8_t value);
static inline void mmio_write16(uintptr_t address, uint16_t value);
static inline void mmio_write32(uintptr_t address, uint32_t value);

#include "arch/impl/mmio.h"

#endif
