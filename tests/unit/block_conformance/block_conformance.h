/* SPDX-License-Identifier: ISC */
/*
 * What every struct block does, as tests: each implementation says what it is in a subject and runs
 * block_conformance() over it. The same as tests/emu/apps/disk does on a machine.
 */
#ifndef TESTS_UNIT_BLOCK_CONFORMANCE_H
#define TESTS_UNIT_BLOCK_CONFORMANCE_H

#include "hal/block.h"

struct block_subject {
	const char *name;
	struct block *block; /* not started; of 256 sectors at least, not read-only */
	/* Makes it anew; as cmocka's set-up. */
	void (*set_up)(struct block_subject *s);
	void (*tear_down)(struct block_subject *s);
	/* Lets the device and its task do what they can now. */
	void (*run)(struct block_subject *s);
	/* Makes it read-only from the next start on; NULL: it cannot be. */
	void (*make_read_only)(struct block_subject *s);
};

/* Runs them all; the number of failures. */
int block_conformance(struct block_subject *s);

#endif
