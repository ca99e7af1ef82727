/* SPDX-License-Identifier: ISC */
/*
 * Flash memory in direct style: erase blocks that are erased as a whole and then programmed, each
 * unit once.
 *
 * Calls return when they are done; those of a device may wait, as of hal/disk.h. An erased byte
 * reads as anything until it is programmed, so that a disk, too, can stand behind this signature
 * (erasing is then a hint); who needs to know whether a unit is programmed writes so beside it.
 * Programmed units are safe from a loss of power after flash_sync(); before it, what was programmed
 * or erased since the last one may be old, new or garbled, or fail to be read (ERR_IO) until it is
 * programmed anew, in any combination.
 */
#ifndef HAL_FLASH_H
#define HAL_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/err.h"

struct flash;

struct flash_ops {
	enum err (*read)(struct flash *f, uint64_t at, void *out, size_t len);
	enum err (*program)(struct flash *f, uint64_t at, const void *bytes, size_t len);
	enum err (*erase)(struct flash *f, uint32_t block);
	enum err (*sync)(struct flash *f);
};

struct flash {
	const struct flash_ops *ops;
	const char *name;
	uint32_t blocks;        /* 0: there is none */
	uint32_t block_bytes;   /* of an erase block; a multiple of program_bytes */
	uint32_t program_bytes; /* of a unit, a power of two; what is programmed starts and ends on
				   one */
};

static inline uint64_t flash_bytes(const struct flash *f)
{
	return (uint64_t)f->blocks * f->block_bytes;
}

static inline bool flash_has(const struct flash *f, uint64_t at, size_t len)
{
	return at <= flash_bytes(f) && len <= flash_bytes(f) - at;
}

/* Copies `len` bytes from `at`, both of any alignment. ERR_NODEV, ERR_RANGE, ERR_IO, ERR_TIMEOUT.
 */
MUST_USE static inline enum err flash_read(struct flash *f, uint64_t at, void *out, size_t len)
{
	return flash_has(f, at, len) ? f->ops->read(f, at, out, len) : ERR_RANGE;
}

/*
 * Programs `len` bytes at `at`, both multiples of program_bytes (asserted), within one erase block,
 * which have not been programmed since the block was erased. ERR_RANGE; ERR_IO: the block is worn
 * or protected.
 */
MUST_USE static inline enum err flash_program(struct flash *f, uint64_t at, const void *bytes,
					      size_t len)
{
	assert(at % f->program_bytes == 0 && len % f->program_bytes == 0);
	return flash_has(f, at, len) ? f->ops->program(f, at, bytes, len) : ERR_RANGE;
}

/* Erases a block. ERR_RANGE; ERR_IO: it is worn or protected; ERR_TIMEOUT. */
MUST_USE static inline enum err flash_erase(struct flash *f, uint32_t block)
{
	return block < f->blocks ? f->ops->erase(f, block) : ERR_RANGE;
}

/* Waits until everything before is safe. ERR_IO, ERR_TIMEOUT: it may not be. */
MUST_USE static inline enum err flash_sync(struct flash *f)
{
	return f->ops->sync(f);
}

#endif
