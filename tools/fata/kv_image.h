/* SPDX-License-Identifier: ISC */
/*
 * A file as flash memory that holds a store of storage/log: the image of a flash chip or a disk, or
 * one with the store somewhere in it.
 *
 * What is changed is written in place, as the store does it on a board: a command that is
 * interrupted, by a loss of power too, leaves the old or the new value. Others that use the file at
 * the same time are kept out.
 */
#ifndef TOOLS_FATA_KV_IMAGE_H
#define TOOLS_FATA_KV_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "storage/log/kvlog.h"

struct kv_image {
	struct flash flash;
	struct kvlog store;
	struct kvlog_config config;
	const char *path; /* borrowed */
	int fd;
	uint64_t base, bytes; /* of the store, of the file */
};

/* What a new store is to be. */
struct kv_geometry {
	uint64_t bytes; /* 0: what the file has */
	uint32_t block_bytes, unit;
	bool force; /* whatever is there */
};

/* Opens the store in a file. False after a message. */
MUST_USE bool kv_image_open(struct kv_image *image, const char *path, bool writes);
/* Makes one of a file, which may exist. False after a message. */
MUST_USE bool kv_image_format(struct kv_image *image, const char *path,
			      const struct kv_geometry *geometry);
void kv_image_close(struct kv_image *image);

#endif
