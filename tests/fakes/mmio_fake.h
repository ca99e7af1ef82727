/* SPDX-License-Identifier: ISC */
/*
 * Registers that do something when they are touched. A test includes this first and then the
 * driver's .c file: arch/mmio.h is kept out, and each access of 32 bits becomes a call of the
 * test's own.
 */
#ifndef TESTS_FAKES_MMIO_FAKE_H
#define TESTS_FAKES_MMIO_FAKE_H
#define ARCH_MMIO_H

#include <stdint.h>

/* The test's. */
uint32_t fake_read(uintptr_t address);
void fake_write(uintptr_t address, uint32_t value);

static inline uint32_t mmio_read32(uintptr_t address)
{
	return fake_read(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	fake_write(address, value);
}

#endif
