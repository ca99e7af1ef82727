/* SPDX-License-Identifier: ISC */
/*
 * The EMAC and its PHY as registers in memory, with a cable and somebody at its other end. Rings
 * and frames it reads and writes as a device that does not see the caches
 * (tests/fakes/cache_fake.h), with addresses of 32 bits: what it is to reach comes from
 * mac_fake_memory().
 *
 * sun8i_emac_fake_mmio.c holds the real driver with its accesses led here. Each read of a register,
 * or of the time, takes a microsecond.
 */
#ifndef TESTS_FAKES_SUN8I_EMAC_FAKE_H
#define TESTS_FAKES_SUN8I_EMAC_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fakes/mac_fake.h"

enum {
	EMAC_FAKE_BASE = 0x1c30000,
	EMAC_FAKE_PHY = 1,
};

struct sun8i_emac_fake {
	/* Set by the test. */
	bool jumps;         /* having found no descriptor it goes on at the first, as QEMU's does */
	bool forgets;       /* where it was, having found none, until it is told: QEMU's, too */
	uint32_t tx_status; /* of what it has sent */

	uint32_t regs[0x100 / 4];
	uint32_t rx_at, tx_at; /* descriptors */
	unsigned resets;
	bool stands; /* it has found none to receive into, and not been told of more */
};

extern struct sun8i_emac_fake sun8i_emac_fake;

/* One whose registers hold the address that the loader has left, and with a cable in. */
void sun8i_emac_fake_init(void);

/* A frame comes, with the status and the length in it as told; false: there is no buffer. */
bool sun8i_emac_fake_receive_as(const void *frame, size_t len, uint32_t status);

/* The driver's accesses. */
uint32_t sun8i_emac_fake_read(uintptr_t address);
void sun8i_emac_fake_write(uintptr_t address, uint32_t value);

#endif
