/* SPDX-License-Identifier: ISC */
/*
 * A block device: numbered sectors of a fixed size, read and written in runs.
 *
 * The driver embeds `struct block` first and fills every slot. A transfer is a
 * `struct block_request` that the caller lends: after OK, the request and its memory
 * belong to the driver until it calls `done`, exactly once, from the event loop and
 * never inside block_submit(). Any number may be lent at a time; they may finish in any order, and
 * a driver ends each in bounded time, with ERR_TIMEOUT if its device does not answer. A flush
 * finishes after all writes that finished before it was submitted are on stable storage; so do
 * BLOCK_ZERO and BLOCK_DISCARD count as writes.
 *
 * The device runs as a task of the event loop: somebody sets `waker` before the start and calls
 * block_poll() when it was woken or the time has come that the last call returned; `done` is called
 * from there. A medium may be absent, or go, or change its size: then block_start() says so, or
 * requests end with ERR_NODEV, and block_start() may be tried again later.
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

enum block_op {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH,
	BLOCK_DISCARD, /* nobody needs what is there any more: it then reads as anything */
	BLOCK_ZERO,    /* makes it read as zeroes */
};

/* A run of memory of a transfer: whole sectors, aligned as the limits say. */
struct block_piece {
	void *memory;
	uint32_t count; /* sectors, at least 1 */
};

struct block_request {
	struct list node; /* the driver's, while lent */
	enum block_op op;
	uint64_t sector; /* first; unused for a flush. May be another when it has ended */
	uint32_t count;  /* sectors; 0 for a flush */
	void *memory;    /* of all of a transfer, aligned as the limits say; or NULL … */
	/* … and this many pieces, `count` sectors together, lent as well. */
	const struct block_piece *pieces;
	uint32_t n_pieces;
	void (*done)(struct block_request *r, enum err result);
};

struct block;

struct block_ops {
	enum err (*start)(struct block *b);
	void (*stop)(struct block *b);
	enum err (*submit)(struct block *b, struct block_request *r);
	uint64_t (*poll)(struct block *b, uint64_t now_us);
};

/* What one request may ask for; all in sectors but the pieces. */
struct block_limits {
	uint32_t count_max;     /* of a transfer; 0: any */
	uint32_t pieces_max;    /* of memory in a transfer; 0: any */
	uint32_t best;          /* transfers of multiples of it, aligned so, are the fastest */
	uint32_t discard_max;   /* 0: the device cannot discard */
	uint32_t discard_align; /* what begins or ends elsewhere may be left as it is; 0: any */
	uint32_t zero_max;      /* 0: it cannot write zeroes by itself */
	bool any_memory;        /* may be of any alignment, instead of CACHE_LINE_BYTES */
};

struct block {
	const struct block_ops *ops;
	const char *name;
	uint64_t sectors;           /* valid after start; 0: no medium */
	uint32_t sector_bytes;      /* 512 or 4096; valid after start */
	bool read_only;             /* valid after start */
	struct block_limits limits; /* valid after start */
	struct waker waker;         /* asks for block_poll(); any context */
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
 * medium, ERR_RANGE past the end, ERR_READONLY for a change of a read-only device, ERR_UNSUPPORTED
 * for what the device cannot do, or more than its limits, ERR_AGAIN when its queue is full.
 */
MUST_USE enum err block_submit(struct block *b, struct block_request *r);

/*
 * Goes on with what was submitted and ends what is done. Returns when it wants to be called again,
 * at the latest, in the clock of `now_us`; UINT64_MAX: when it wakes.
 */
static inline uint64_t block_poll(struct block *b, uint64_t now_us)
{
	return b->ops->poll(b, now_us);
}

/* Whether the request moves data between memory and the medium. */
static inline bool block_is_transfer(const struct block_request *r)
{
	return r->op == BLOCK_READ || r->op == BLOCK_WRITE;
}

/*
 * For drivers: the memory of sector number `at` of a transfer, less than its count, and in `*run`
 * how many sectors, that one included, follow each other from there.
 */
void *block_request_memory(const struct block_request *r, uint32_t sector_bytes, uint32_t at,
			   uint32_t *run);

#endif
