/* SPDX-License-Identifier: ISC */
/*
 * Two NOR flash chips of 16 bits side by side, with Intel's command set, that hold their driver to
 * the rules: what is programmed has bits cleared only, a buffer is filled where it belongs, status
 * is read until they are ready. A test may change the answer of the query, and have them be slow,
 * refuse, or hang.
 */
#ifndef TESTS_FAKES_CFI_FAKE_H
#define TESTS_FAKES_CFI_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CFI_FAKE_BASE = 0x4000000,
	CFI_FAKE_BLOCKS = 4,
	CFI_FAKE_BLOCK_BYTES = 2048, /* of the bank */
	CFI_FAKE_BUFFER_BYTES = 64,  /* likewise */
	CFI_FAKE_BYTES = CFI_FAKE_BLOCKS * CFI_FAKE_BLOCK_BYTES,
};

struct cfi_fake {
	uint8_t bytes[CFI_FAKE_BYTES];
	uint8_t query[0x31];
	/* Set by the test. */
	unsigned slow;       /* reads of the status until they are ready */
	uint8_t refuse;      /* bits of the status after the next commands */
	bool second_differs; /* in its answer to the query */
	/* State. */
	enum {
		CFI_ARRAY,
		CFI_QUERY,
		CFI_STATUS,
		CFI_WORD,
		CFI_COUNT,
		CFI_FILL,
		CFI_CONFIRM,
		CFI_ERASE
	} mode;
	uint8_t status;
	unsigned busy;
	uint32_t at, count, filled;
	unsigned words, buffers, erases;
};

extern struct cfi_fake cfi_fake;

void cfi_fake_init(void);
uint32_t cfi_fake_read(uintptr_t address);
void cfi_fake_write(uintptr_t address, uint32_t value);

#endif
