/* SPDX-License-Identifier: ISC */
/*
 * A struct disk in memory, with any size of sectors, for tests of storage.
 *
 * It counts its calls, fails one that a test names, dies for good, and loses its power: at the n-th
 * change from now (a write, a zeroing, a discard) it takes what a seed says of that change and of
 * all since the last flush, sector by sector, in any combination of old and new (the last change is
 * so torn), and answers ERR_IO to everything from then on, until disk_memory_power_on(). What was
 * flushed is never lost. A sector is written as a whole or not, unless DISK_MEMORY_GARBLES.
 *
 * A discarded sector reads as noise. Memory is the heap's: disk_memory_fini() gives it back.
 */
#ifndef TESTS_FAKES_DISK_MEMORY_H
#define TESTS_FAKES_DISK_MEMORY_H

#include "hal/disk.h"
#include "tests/fakes/random.h"

enum disk_memory_call {
	DISK_MEMORY_READ,
	DISK_MEMORY_WRITE,
	DISK_MEMORY_ZERO,
	DISK_MEMORY_DISCARD,
	DISK_MEMORY_FLUSH,
	DISK_MEMORY_CALLS
};

enum {
	/* Of cuts: each sector that was not flushed may also come back with other bytes. */
	DISK_MEMORY_GARBLES = 1 << 0,
	/* The changes up to the last one are there in order: a disk without a cache of its own. */
	DISK_MEMORY_IN_ORDER = 1 << 1,
};

/* A sector as a change made it. */
struct disk_memory_change {
	uint64_t sector;
	uint8_t *bytes;
};

struct disk_memory {
	struct disk disk;
	uint8_t *bytes; /* as reads see them: a test may look and change */

	uint64_t calls[DISK_MEMORY_CALLS];   /* that reached it */
	uint64_t sectors[DISK_MEMORY_CALLS]; /* that those were about; of flushes 0 */

	uint64_t fail_in[DISK_MEMORY_CALLS];   /* calls until one fails; 0: none … */
	uint64_t fail_more[DISK_MEMORY_CALLS]; /* … and so many right behind it */
	enum err fail_with[DISK_MEMORY_CALLS];
	uint64_t bad;  /* a sector that cannot be read until it is written; UINT64_MAX: none */
	enum err dead; /* what every call answers; OK: it lives */

	uint64_t cut_in; /* changes until the power goes; 0: it stays */
	unsigned cut_flags;
	struct random random;
	uint8_t *stable; /* what is safe; NULL: nobody asked for cuts */
	struct disk_memory_change *unsafe;
	size_t n_unsafe, room;
};

/* A disk of `sectors` of `sector_bytes`, all zero. */
void disk_memory_init(struct disk_memory *m, uint64_t sectors, uint32_t sector_bytes);
void disk_memory_fini(struct disk_memory *m);

/* Makes the content of `to`, a disk of the same size, that of `from`, which is safe there. */
void disk_memory_copy(struct disk_memory *to, const struct disk_memory *from);

/* Changes that came so far: with a first run without cuts, where they can be. */
uint64_t disk_memory_changes(const struct disk_memory *m);

/* The n-th such call from now (1: the next) ends with `e` and does nothing; those after work. */
void disk_memory_fail(struct disk_memory *m, enum disk_memory_call call, uint64_t n, enum err e);

/* The next `n` do. */
void disk_memory_fail_next(struct disk_memory *m, enum disk_memory_call call, uint64_t n,
			   enum err e);

/* From now on every call answers `e`; OK: it works again, with what it had. */
void disk_memory_die(struct disk_memory *m, enum err e);

/*
 * The power goes at the n-th change from now (1: the next; 0: not at all). What is there now counts
 * as safe, so call it before that which may be lost.
 */
void disk_memory_cut_at(struct disk_memory *m, uint64_t n, uint64_t seed, unsigned flags);

/* It goes now, between two changes; only after disk_memory_cut_at(). */
void disk_memory_cut(struct disk_memory *m);

/* Whether it has gone. */
bool disk_memory_is_off(const struct disk_memory *m);

/* Power again, with what survived, and no further cut or failure planned. */
void disk_memory_power_on(struct disk_memory *m);

#endif
