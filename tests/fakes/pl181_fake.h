/* SPDX-License-Identifier: ISC */
/*
 * Arm's PL180 and PL181 in memory, with the card of sd_fake.h. Words come from the card, and go to
 * it, whenever the status is read, and while it waits for an interrupt. As QEMU's it says after
 * each command without data that data have ended, and keeps what is in its FIFO until it is read.
 * pl181_fake_mmio.c holds the real driver with its accesses led here.
 */
#ifndef TESTS_FAKES_PL181_FAKE_H
#define TESTS_FAKES_PL181_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { PL181_FAKE_BASE = 0x1c050000, PL181_FAKE_CLOCK_HZ = 24000000, PL181_FAKE_HZ_MAX = 12000000 };

struct pl181_fake {
	/* Set by the test. */
	uint32_t id;
	unsigned fifo_words;
	bool silent; /* commands never end */
	bool damages_answers;
	bool never_ends;      /* the data */
	uint32_t data_status; /* instead of the next block */
	unsigned gap;         /* looks at the status between two fillings of the FIFO */

	uint32_t power, clock, argument, timer, length, control, status, mask;
	uint32_t answer[4];
	uint32_t fifo[128];
	unsigned words, gap_left;
	uint8_t block[512];
	uint32_t at, left; /* byte of the block; bytes to come, with those of the block */
	bool filled;       /* the block is from the card */
	unsigned index;
};

extern struct pl181_fake pl181_fake;

void pl181_fake_init(void);
uint32_t pl181_fake_hz(void); /* of the card; 0: it does not run */
uint32_t pl181_fake_read(uintptr_t address);
void pl181_fake_write(uintptr_t address, uint32_t value);

#endif
