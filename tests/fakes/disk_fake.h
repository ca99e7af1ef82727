/* SPDX-License-Identifier: ISC */
/*
 * A disk in memory. Requests end when it is polled, the last first, since the order is nobody's to
 * rely on.
 */
#ifndef TESTS_FAKES_DISK_FAKE_H
#define TESTS_FAKES_DISK_FAKE_H

#include "hal/block.h"

struct disk_fake {
	struct block block;
	struct list queue;
	uint8_t *bytes;
	uint64_t sectors;    /* since the start */
	uint64_t bad_sector; /* that cannot be read; 0: none */
	unsigned fail_next;  /* so many requests */
	unsigned requests;
	const struct block_request *submitted; /* the last one */
	bool silent;                           /* nothing ends any more */
};

/* A disk of `sectors` of `sector_bytes` at `bytes`. */
void disk_fake_init(struct disk_fake *d, uint8_t *bytes, uint64_t sectors, uint32_t sector_bytes);

#endif
