/* SPDX-License-Identifier: ISC */
/*
 * The GENET and its PHY as registers in memory, with a cable and somebody at its other end. It does
 * what the drivers of Linux and U-Boot rely on: indices of 16 bits that cannot be set to what one
 * likes, descriptors in memory of its own, a link bit that is low once after each loss. Frames it
 * moves as a device that does not see the caches (tests/fakes/cache_fake.h).
 *
 * genet_fake_mmio.c holds the real driver with its accesses led here. Each read of a register, or
 * of the time, takes a microsecond.
 */
#ifndef TESTS_FAKES_GENET_FAKE_H
#define TESTS_FAKES_GENET_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fakes/mac_fake.h"

enum { GENET_FAKE_BASE = 0x580000 };

struct genet_fake {
	uint32_t regs[0x10000 / 4];
	unsigned mac_resets;
};

extern struct genet_fake genet_fake;

/* A controller that somebody has used before: its indices stand at `index`. */
void genet_fake_init(uint16_t index);

/* A frame comes, with the descriptor's flags and length as told; false: there is no buffer. */
bool genet_fake_receive_as(const void *frame, size_t len, uint32_t flags, size_t said_len);

/* The driver's accesses. */
uint32_t genet_fake_read(uintptr_t address);
void genet_fake_write(uintptr_t address, uint32_t value);

#endif
