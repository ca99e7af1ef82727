/* SPDX-License-Identifier: ISC */
/*
 * A struct flash in memory that holds its user to the rules of NOR flash: a unit that is programmed
 * twice without an erase in between asserts.
 *
 * It counts calls, bytes and the erases of each block, fails one call that a test names, has blocks
 * that are worn, and loses its power: at the n-th change from now (a program or an erase) it takes
 * what a seed says of that change and of all since the last sync, unit by unit: each may be there
 * or not, and a block that is being erased may be left half so, which reads as noise or in part as
 * before. Everything answers ERR_IO from then on, until flash_memory_power_on(). What was synced is
 * never lost.
 *
 * A unit that was programmed with nothing but 0xff cannot be told from an erased one, and counts as
 * one. Memory is the heap's: flash_memory_fini() gives it back.
 */
#ifndef TESTS_FAKES_FLASH_MEMORY_H
#define TESTS_FAKES_FLASH_MEMORY_H

#include "hal/flash.h"
#include "tests/fakes/random.h"

enum flash_memory_call {
	FLASH_MEMORY_READ,
	FLASH_MEMORY_PROGRAM,
	FLASH_MEMORY_ERASE,
	FLASH_MEMORY_SYNC,
	FLASH_MEMORY_CALLS
};

enum {
	/* Erased bytes read as noise, as on a disk, and so does the whole at the beginning. */
	FLASH_MEMORY_NOISE = 1 << 0,
	/* Of cuts: the changes up to the last are there, in order: nothing is cached. */
	FLASH_MEMORY_IN_ORDER = 1 << 1,
	/* Of cuts: a unit may also come back with other bytes. */
	FLASH_MEMORY_GARBLES = 1 << 2,
	/* Of cuts: units of the last program are there up to some point, not just any. */
	FLASH_MEMORY_PREFIX = 1 << 3,
	/* Of cuts: a unit may also fail to be read until it is programmed anew, as on a disk. */
	FLASH_MEMORY_UNREADABLE = 1 << 4,
};

struct flash_memory_change;

struct flash_memory {
	struct flash flash;
	uint8_t *bytes;   /* as reads see them: a test may look and change */
	bool *programmed; /* of each unit */
	bool *unreadable; /* of each unit */
	uint32_t *erases; /* of each block */
	bool *worn;       /* of each block: erasing and programming it fail */
	uint32_t endures; /* erases, after which a block is worn; 0: for ever */

	uint64_t calls[FLASH_MEMORY_CALLS]; /* that reached it */
	uint64_t bytes_read, bytes_programmed;

	uint64_t fail_in[FLASH_MEMORY_CALLS]; /* calls until one fails; 0: none */
	enum err fail_with[FLASH_MEMORY_CALLS];
	enum err dead; /* what every call answers; OK: it lives */

	unsigned flags;
	uint64_t cut_in; /* changes until the power goes; 0: it stays */
	bool cuts;       /* somebody wants them: what is not synced is kept apart */
	struct random random;
	uint8_t *stable; /* what is safe */
	bool *stable_programmed, *stable_unreadable;
	struct flash_memory_change *unsafe;
	uint8_t *unsafe_bytes;
	size_t n_unsafe, room;
};

/* Erased flash of `blocks` of `block_bytes`, programmed in units of `program_bytes`. */
void flash_memory_init(struct flash_memory *m, uint32_t blocks, uint32_t block_bytes,
		       uint32_t program_bytes, unsigned flags);
void flash_memory_fini(struct flash_memory *m);

/* Makes what is in `to`, of the same geometry, that of `from`, which is safe there. */
void flash_memory_copy(struct flash_memory *to, const struct flash_memory *from);

/* Programs and erases so far: with a first run without cuts, where they can be. */
uint64_t flash_memory_changes(const struct flash_memory *m);

/* The n-th such call from now (1: the next) ends with `e` and does nothing; those after work. */
void flash_memory_fail(struct flash_memory *m, enum flash_memory_call call, uint64_t n, enum err e);

/* From now on every call answers `e`; OK: it works again, with what it had. */
void flash_memory_die(struct flash_memory *m, enum err e);

/*
 * The power goes at the n-th change from now (1: the next; 0: not at all). What is there now counts
 * as safe, so call it before that which may be lost.
 */
void flash_memory_cut_at(struct flash_memory *m, uint64_t n, uint64_t seed, unsigned flags);

/* It goes now, between two changes; only after flash_memory_cut_at(). */
void flash_memory_cut(struct flash_memory *m);
bool flash_memory_is_off(const struct flash_memory *m);

/* Power again, with what survived, and no further cut or failure planned. */
void flash_memory_power_on(struct flash_memory *m);

#endif
