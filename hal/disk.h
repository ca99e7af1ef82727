/* SPDX-License-Identifier: ISC */
/*
 * A disk in direct style: what file systems and stores are written against.
 *
 * Sectors are numbered and of one size, as those of hal/block.h, but each call returns when its
 * transfer is done. Over a device such a call waits: runtime/disk parks the fiber that makes it, so
 * everything above is for fibers, and a store says in its own header that it waits. In a unit test
 * a disk is memory and nothing waits. Layers stack: a partition, a cache and a layer that encrypts
 * are disks over a disk.
 *
 * A written sector is safe from a loss of power after the next disk_flush() that returns OK; before
 * it each sector written since the last one may be old, new or unreadable, in any combination.
 * While one fiber waits in a call another may make one: a store that cannot have that keeps them
 * apart by itself.
 */
#ifndef HAL_DISK_H
#define HAL_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/err.h"

struct disk;

struct disk_ops {
	enum err (*read)(struct disk *d, uint64_t sector, uint32_t count, void *out);
	enum err (*write)(struct disk *d, uint64_t sector, uint32_t count, const void *bytes);
	enum err (*zero)(struct disk *d, uint64_t sector, uint64_t count);
	enum err (*discard)(struct disk *d, uint64_t sector, uint64_t count);
	enum err (*flush)(struct disk *d);
};

struct disk {
	const struct disk_ops *ops;
	const char *name;
	uint64_t sectors;      /* 0: there is no medium */
	uint32_t sector_bytes; /* 512 or 4096 */
	bool read_only;
};

/* Whether `count` sectors from `sector` lie on the disk. */
static inline bool disk_has(const struct disk *d, uint64_t sector, uint64_t count)
{
	return sector <= d->sectors && count <= d->sectors - sector;
}

/* Preconditions of all transfers: OK, or why this one cannot be. */
MUST_USE static inline enum err disk_check(const struct disk *d, uint64_t sector, uint64_t count,
					   bool changes)
{
	if (d->sectors == 0)
		return ERR_NODEV;
	if (!disk_has(d, sector, count))
		return ERR_RANGE;
	return changes && d->read_only ? ERR_READONLY : OK;
}

/*
 * Reads `count` sectors to `out`, which the disk borrows; any alignment. ERR_NODEV without a
 * medium, ERR_RANGE past the end, ERR_IO, ERR_TIMEOUT: then `out` holds nothing of use.
 */
MUST_USE static inline enum err disk_read(struct disk *d, uint64_t sector, uint32_t count,
					  void *out)
{
	enum err e = disk_check(d, sector, count, false);
	return e == OK ? d->ops->read(d, sector, count, out) : e;
}

/* Writes `count` sectors, borrowing `bytes`. As disk_read(); ERR_READONLY. */
MUST_USE static inline enum err disk_write(struct disk *d, uint64_t sector, uint32_t count,
					   const void *bytes)
{
	enum err e = disk_check(d, sector, count, true);
	return e == OK ? d->ops->write(d, sector, count, bytes) : e;
}

/* Writes zeroes, by a command of the device's where it has one. As disk_write(). */
MUST_USE static inline enum err disk_zero(struct disk *d, uint64_t sector, uint64_t count)
{
	enum err e = disk_check(d, sector, count, true);
	return e == OK ? d->ops->zero(d, sector, count) : e;
}

/* Nobody needs what is there any more; it then reads as anything. A hint: OK where it does nothing.
 */
MUST_USE static inline enum err disk_discard(struct disk *d, uint64_t sector, uint64_t count)
{
	enum err e = disk_check(d, sector, count, true);
	return e == OK ? d->ops->discard(d, sector, count) : e;
}

/* Waits until everything written before is safe. ERR_NODEV, ERR_IO, ERR_TIMEOUT: it may not be. */
MUST_USE static inline enum err disk_flush(struct disk *d)
{
	return d->sectors == 0 ? ERR_NODEV : d->ops->flush(d);
}

#endif
