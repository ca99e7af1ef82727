/* SPDX-License-Identifier: ISC */
/*
 * Cadence's GEM and a PHY as registers in memory, with a cable and somebody at its other end. It
 * does what the manual says: rings of descriptors in memory that it shares with the driver without
 * caches, of sent frames the first descriptor alone marked as used, counters and interrupts that
 * reading clears, addresses filtered, a transmitter that stops at the first descriptor that is
 * used. And what QEMU's does: after it had no buffer it looks again only when it is told to.
 *
 * gem_fake_mmio.c holds the real driver with its accesses led here; buffers are seen by the caches
 * of cache_fake.h. Each read of a register, or of the time, takes a microsecond.
 */
#ifndef TESTS_FAKES_GEM_FAKE_H
#define TESTS_FAKES_GEM_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/net/gem/gem.h"
#include "tests/fakes/mac_fake.h"

enum { GEM_FAKE_BASE = 0xe0000 };

struct gem_fake {
	/* Set by the test. */
	bool forgets_start; /* was just about to stop when it was told to send */

	uint32_t regs[0x1000 / 4];
	uint32_t intr, intr_enabled;
	unsigned rx_at, tx_at; /* the descriptors that are next */
	bool rx_stalled, tx_started;
	bool pages_shared; /* the rings lie where caches leave memory alone */
	unsigned rate;     /* as the board was told */
};

extern struct gem_fake gem_fake;

/* A controller that a loader has used before. */
void gem_fake_init(void);

/* Marks the next frame to send as sent with these bits of its descriptor, and stops. */
void gem_fake_fail_to_send(uint32_t errors);

/* The next descriptor to receive into. */
struct gem_descriptor *gem_fake_rx_next(void);

/* A frame comes, with the descriptor's control word as told; false: it was not taken. */
bool gem_fake_receive_as(const void *frame, size_t len, uint32_t control);

/* The driver's accesses. */
uint32_t gem_fake_read(uintptr_t address);
void gem_fake_write(uintptr_t address, uint32_t value);

#endif
