/* SPDX-License-Identifier: ISC */
/*
 * The SDHOST in memory, with the card of sd_fake.h. sdhost_fake_mmio.c holds the real driver with
 * its accesses led here.
 */
#ifndef TESTS_FAKES_SDHOST_FAKE_H
#define TESTS_FAKES_SDHOST_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { SDHOST_FAKE_BASE = 0x202000, SDHOST_FAKE_CORE_HZ = 250000000 };

struct sdhost_fake {
	/* Set by the test. */
	bool silent;      /* commands never end */
	bool rests_oddly; /* after data, until it is forced */
	bool damages_answers;
	unsigned gap; /* looks at the FIFO between two blocks */

	uint32_t regs[0x54 / 4];
	uint32_t fifo[16];
	unsigned words, state, gap_left;
	uint8_t block[512];
	uint32_t at, left; /* byte of the block; blocks to come, with this one */
	bool filled;       /* the block is from the card */
	unsigned index;
};

extern struct sdhost_fake sdhost_fake;

void sdhost_fake_init(void);
uint32_t sdhost_fake_read(uintptr_t address);
void sdhost_fake_write(uintptr_t address, uint32_t value);

#endif
