/* SPDX-License-Identifier: ISC */
/*
 * What every struct disk does, as tests: each implementation says what it is in a subject and runs
 * disk_conformance() over it. tests/emu/apps/diskcheck does the same on a machine.
 */
#ifndef TESTS_UNIT_DISK_CONFORMANCE_H
#define TESTS_UNIT_DISK_CONFORMANCE_H

#include "hal/disk.h"

struct disk_subject {
	const char *name;
	struct disk *disk; /* of 256 sectors at least */
	/* Makes it anew, and the end of it. */
	void (*set_up)(struct disk_subject *s);
	void (*tear_down)(struct disk_subject *s);
	/* Calls fn() where calls to the disk may be made, until it returns; NULL: anywhere. */
	void (*within)(void (*fn)(void));
	/* What is below it ends its next read, write or flush with ERR_IO. */
	void (*fail_next)(struct disk_subject *s);
};

/* Runs them all; the number of failures. */
int disk_conformance(struct disk_subject *s);

#endif
