/* SPDX-License-Identifier: ISC */
/*
 * A block device: numbered sectors of a fixed size, read and written in runs.
 *
 * The driver embeds `struct block` first and fills every slot. A transfer is a
 * `struct block_request` that the caller lends: after OK, the request and its memory
 * belong to the driver until it calls `done`, exactly once, from the event loop and
 * never inside block_submit(). Transfers may finish in any order; a flush finishes
 * after all writes that finished before it was submitted are on stable storage.
 */
#ifndef HAL_BLOCK_H
#define HAL_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/list.h"

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_request {
	struct list node; /* the driver's, while lent */
	enum block_op op;
	uint64_t sector; /* first; unused for a flush */
	uint32_t count;  /* sectors; 0 for a flush */
	void *memory;    /* count * sector_bytes, CACHE_LINE_BYTES aligned */
	void (*done)(struct block_request *r, enum err result);
};

struct block;

struct block_ops {
	enum err (*start)(struct block *b);
	void (*stop)(struct block *b);
	enum err (*submit)(struct block *b, struct block_request *r);
};

struct block {
	const struct block_ops *ops;
	const char *name;
	uint64_t sectors;      /* valid after start */
	uint32_t sector_bytes; /* 512 or 4096; valid after start */
	bool read_only;
};

/* Initialises the device. ERR_IO, ERR_TIMEOUT, ERR_UNSUPPORTED. */
MUST_USE static inline enum err block_start(struct block *b)
{
	return b->ops->start(b);
}

/* Resets the device. Requests still lent complete with ERR_CLOSED. */
static inline void block_stop(struct block *b)
{
	b->ops->stop(b);
}

/*
 * Lends a request. Not OK: it stays the caller's and `done` is not called. ERR_RANGE past the
 * end, ERR_INVALID for a write to a read-only device, ERR_AGAIN when the queue is full.
 */
MUST_USE static inline enum err block_submit(struct block *b, struct block_request *r)
{
	if (r->op != BLOCK_FLUSH) {
		assert((uintptr_t)r->memory % CACHE_LINE_BYTES == 0);
		if (r->sector > b->sectors || r->count > b->sectors - r->sector)
			return ERR_RANGE;
		if (r->op == BLOCK_WRITE && b->read_only)
			return ERR_INVALID;
	}
	return b->ops->submit(b, r);
}

#endif
