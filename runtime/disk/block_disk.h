/* SPDX-License-Identifier: ISC */
/*
 * A disk in direct style (hal/disk.h) over a block device: each call lends the device a request and
 * parks the fiber until it has ended, so that other fibers and the network go on meanwhile.
 *
 * What the device cannot take at once is split; memory that is not aligned as the device needs it
 * is copied through a buffer, for which fibers queue up; zeroes are written where the device has no
 * command for them. Drivers end each request in bounded time. One that does not within
 * BLOCK_DISK_WAIT_US is stopped, with one line on the console: what it had ends with ERR_TIMEOUT,
 * and the disk has no medium from then on.
 *
 * For fibers only. The struct is the caller's and stays as long as the block.
 */
#ifndef RUNTIME_DISK_BLOCK_DISK_H
#define RUNTIME_DISK_BLOCK_DISK_H

#include "base/attr.h"
#include "hal/block.h"
#include "hal/disk.h"
#include "runtime/fiber/sync.h"

enum {
	BLOCK_DISK_BUFFER_BYTES = 4096,
	BLOCK_DISK_WAIT_US = 60000000, /* beyond what any driver takes */
};

struct block_disk_stats {
	uint64_t requests;
	uint64_t copied; /* sectors that went through the buffer */
	uint32_t failed; /* requests */
};

struct block_disk {
	struct disk disk;
	struct block *block;
	struct mutex lock; /* of the buffer */
	struct block_disk_stats stats;
	ALIGNED(CACHE_LINE_BYTES) uint8_t buffer[BLOCK_DISK_BUFFER_BYTES];
};

/*
 * Makes `d` the disk of `block`, which is started; `block` must be polled by the event loop. What
 * block_start() answers, who has told of it; after an error the disk has no sectors, and this may
 * be tried again.
 */
MUST_USE enum err block_disk_start(struct block_disk *d, struct block *block);

#endif
