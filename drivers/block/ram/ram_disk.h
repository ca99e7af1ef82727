/* SPDX-License-Identifier: ISC */
/*
 * A block device in memory: for what need not survive the image, and to try things out.
 *
 * Requests end at the next poll, in their order. Discarded sectors become zero; a flush does
 * nothing. The struct and the memory are the caller's. Event loop and start-up only.
 */
#ifndef DRIVERS_BLOCK_RAM_RAM_DISK_H
#define DRIVERS_BLOCK_RAM_RAM_DISK_H

#include <stddef.h>

#include "hal/block.h"

struct ram_disk {
	struct block block;
	struct list queue;
	uint8_t *bytes;
	uint64_t sectors;
};

/*
 * Makes `d` a disk of the `len` bytes at `bytes`, in sectors of 512, as many as are whole; they
 * keep what is in them. `name` outlives it.
 */
struct block *ram_disk_init(struct ram_disk *d, void *bytes, size_t len, const char *name);

#endif
