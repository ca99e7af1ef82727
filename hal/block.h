/* SPDX-License-Identifier: ISC */
/*
 * A block device: numbered sectors of a fixed size, read and written in runs.
 *
 * The driver embeds `struct block` first and fills every slot. A transfer is a
 * `struct block_request` that the caller lends: after OK, the request and its memory
 * belong to the driver until it calls `done`, exactly once, from the event loop and
 * never inside block_submit(). Transfers may finish in any order; a flush finishes
 * after all writes that finished before it was submitted are on stable storage.
 *
 * The device runs as a task of the event loop: somebody sets `waker` before the start and calls
 * block_poll() when it was woken or the time has come that the last call returned; `done` is called
 * from there. A medium may be absent, or go: then block_start() says so, or requests end with
 * ERR_NODEV, and block_start() may be tried again later.
 *
 * Event loop and start-up only.
 */
#ifndef HAL_BLOCK_H
#define HAL_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/list.h"
#include "base/waker.h"

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_request {
	struct list node; /* the driver's, while lent */
	enum block_op op;
	uint64_t sector; /* first; unused for a flush. May be another when it has ended */
	uint32_t count;  /* sectors; 0 for a flush */
	void *memory;    /* count * sector_bytes, CACHE_LINE_BYTES aligned */
	void (*done)(struct block_request *r, enum err result);
};

struct block;

struct block_ops {
	enum err (*start)(struct block *b);
	void (*stop)(struct block *b);
	enum err (*submit)(struct block *b, struct block_request *r);
	uint64_t (*poll)(struct block *b, uint64_t now_us);
};

struct block {
	const struct block_ops *ops;
	const char *name;
	uint64_t sectors;      /* valid after start */
	uint32_t sector_bytes; /* 512 or 4096; valid after start */
	bool read_only;        /* valid after start */
	struct waker waker;    /* asks for block_poll(); any context */
};

/*
 * Initialises the device and its medium; waits for it, a bounded time that its driver says.
 * ERR_NODEV: there is no medium; ERR_IO, ERR_TIMEOUT, ERR_UNSUPPORTED: it does not work. It has
 * told the person in one line then, and has no sectors.
 */
MUST_USE static inline enum err block_start(struct block *b)
{
	return b->ops->start(b);
}

/* Resets the device. Requests still lent complete with ERR_CLOSED, inside the call. */
static inline void block_stop(struct block *b)
{
	b->ops->stop(b);
}

/*
 * Lends a request. Not OK: it stays the caller's and `done` is not called. ERR_NODEV without a
 * medium, ERR_RANGE past the end, ERR_INVALID for a write to a read-only device, ERR_AGAIN when the
 * queue is full.
 */
MUST_USE static inline enum err block_submit(struct block *b, struct block_request *r)
{
	if (b->sectors == 0)
		return ERR_NODEV;
	if (r->op != BLOCK_FLUSH) {
		assert((uintptr_t)r->memory % CACHE_LINE_BYTES == 0);
		if (r->sector > b->sectors || r->count > b->sectors - r->sector)
			return ERR_RANGE;
		if (r->op == BLOCK_WRITE && b->read_only)
			return ERR_INVALID;
	}
	return b->ops->submit(b, r);
}

/*
 * Goes on with what was submitted and ends what is done. Returns when it wants to be called again,
 * at the latest, in the clock of `now_us`; UINT64_MAX: when it wakes.
 */
static inline uint64_t block_poll(struct block *b, uint64_t now_us)
{
	return b->ops->poll(b, now_us);
}

#endif
