/* SPDX-License-Identifier: ISC */
/*
 * The real transport with the fake's registers below it: arch/mmio.h is kept out and replaced.
 */
#define ARCH_MMIO_H

#include "tests/fakes/virtio_fake.h"

static inline uint8_t mmio_read8(uintptr_t address)
{
	return (uint8_t)virtio_fake_read(address, 1);
}

static inline uint16_t mmio_read16(uintptr_t address)
{
	return (uint16_t)virtio_fake_read(address, 2);
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	return virtio_fake_read(address, 4);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	virtio_fake_write(address, value);
}

#include "drivers/virtio/virtio_mmio.c"
