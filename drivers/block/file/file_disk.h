/* SPDX-License-Identifier: ISC */
/*
 * A file of the machine as a block device, for the host board: its raw sectors of 512 bytes.
 *
 * Each request is a system call or a few, made at the next poll, for which the process waits; the
 * system's cache stands in between, which a flush writes back (fdatasync). Discarding and zeroes
 * are holes (fallocate), where the file system can make them. A file that may not be written is a
 * read-only disk. The struct is the caller's. Event loop and start-up only.
 */
#ifndef DRIVERS_BLOCK_FILE_FILE_DISK_H
#define DRIVERS_BLOCK_FILE_FILE_DISK_H

#include "hal/block.h"

struct file_disk {
	struct block block;
	struct list queue;
	const char *path;
	int fd; /* -1: not open */
};

/*
 * Makes `d` the disk of the file at `path`, which block_start() opens: ERR_NODEV, with a line that
 * says why, if it cannot. `path` and `name` outlive it.
 */
struct block *file_disk_init(struct file_disk *d, const char *path, const char *name);

#endif
