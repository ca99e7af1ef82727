/* SPDX-License-Identifier: ISC */
/*
 * A standard SD host controller in memory, with the card of sd_fake.h: what the registers of the
 * specification do, and what the one of the Raspberry Pi does besides, which loses a write that
 * comes too soon. sdhci_fake_mmio.c holds the real driver with its accesses led here.
 */
#ifndef TESTS_FAKES_SDHCI_FAKE_H
#define TESTS_FAKES_SDHCI_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { SDHCI_FAKE_BASE = 0x300000 };

struct sdhci_fake {
	/* Set by the test. */
	bool loses_writes; /* those within two clocks of the card */
	bool never_resets, never_stable, ends_early;
	bool silent; /* nothing ever happens after a command */
	bool damages_answers;
	uint32_t capabilities, version, base_hz;

	uint32_t regs[0x100 / 4];
	uint32_t hz; /* of the card; 0: it does not run */
	uint64_t last_write_us;
	unsigned lost;
	uint8_t block[512];
	uint32_t at, left; /* byte of the block; blocks to come, with this one */
	unsigned index;
};

extern struct sdhci_fake sdhci_fake;

void sdhci_fake_init(void);
uint32_t sdhci_fake_read(uintptr_t address);
void sdhci_fake_write(uintptr_t address, uint32_t value);

#endif
