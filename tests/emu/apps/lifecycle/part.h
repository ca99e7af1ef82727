/* SPDX-License-Identifier: ISC */
/*
 * A device that does nothing but say when it starts and stops.
 */
#ifndef TESTS_EMU_LIFECYCLE_PART_H
#define TESTS_EMU_LIFECYCLE_PART_H

struct part {
	const char *name;
	unsigned number; /* from 1, in the order of their start */
};

#endif
