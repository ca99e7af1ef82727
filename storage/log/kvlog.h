/* SPDX-License-Identifier: ISC */
/*
 * A key-value store for flash memory and disks: a log. docs/STORAGE.md says byte by byte what is on
 * the medium.
 *
 * Records are appended to the blocks one after the other, round and round; which record is the
 * newest of a key is in an index in memory, which mounting makes by reading the records' headers.
 * When space is needed, what counts of the oldest block is appended anew and the block is free: so
 * all blocks are erased equally often, whatever is written, and values that never change move on.
 * Each record has a CRC of its header and one of its bytes. What was changed since the last sync is
 * there after a loss of power up to some point, each change and each batch whole.
 *
 * The last free block is a spare, and two more are there for what is being moved: so a store that
 * is full can still be changed after any number of losses of power in a row (settle.c, collect.c).
 *
 * Values of more than a piece (`piece_bytes`, less on small blocks) are several records. The index
 * has an entry for each key, and for a value in pieces one for each of them and one more.
 *
 * A set of n bytes appends those and about 80 more, and moves as much of the oldest blocks as frees
 * them: as long as less than three quarters are in use, 16 times n and a block at most; in a store
 * that is fuller, everything once. Calls are in direct style and wait as their flash does; one at a
 * time is the caller's to ensure (runtime/kv). The structure, the memory handed to it and the flash
 * are the store's until nobody calls it any more; there is nothing to close.
 */
#ifndef STORAGE_LOG_KVLOG_H
#define STORAGE_LOG_KVLOG_H

#include "hal/flash.h"
#include "hal/kv.h"
#include "hal/rng.h"

struct wall_clock;

enum {
	KVLOG_BLOCKS_MIN = 6,
	KVLOG_BLOCK_BYTES_MIN = 1024,
	KVLOG_BUFFER_BYTES_MIN = 64,
	KVLOG_PIECE_BYTES_MAX = 4096,
	KVLOG_LISTED = 16, /* entries of a listing that are found by one look at all keys */
};

/* A record's place by its key's hash. */
struct kvlog_entry {
	uint32_t hash;
	uint32_t place; /* on the medium, in the units of records */
};

/* Bytes of `map` for so many blocks. */
#define KVLOG_MAP_BYTES(blocks) (((blocks) + 3) / 4)

struct kvlog_config {
	struct flash *flash;
	struct kvlog_entry *index;
	uint32_t index_len; /* keys, at most; of values in pieces see above */
	uint8_t *map;
	size_t map_bytes; /* KVLOG_MAP_BYTES() of the most blocks that are used */
	uint8_t *buffer;  /* a run of what is programmed at once */
	uint32_t buffer_bytes;
	uint8_t *piece;       /* for a kv_writer; NULL: there is none */
	uint32_t piece_bytes; /* of large values, and of `piece`; 0: as KVLOG_PIECE_BYTES_MAX */
	uint64_t (*now_s)(void *arg); /* Unix time, 0: not known; NULL: never known */
	void *now_arg;
	uint64_t id;    /* of a store that is made: any number, best a random one */
	bool format;    /* a medium that is blank is made a store */
	bool read_only; /* nothing is ever programmed */
};

struct kvlog_stats {
	uint64_t
		damaged; /* records and block headers whose CRC is wrong where all was right once */
	uint64_t torn;   /* ends of the log that a loss of power has left unfinished */
	uint64_t moved_bytes;
	uint64_t collected; /* blocks */
	uint64_t retired;   /* blocks that failed and are used no more */
	uint64_t full;      /* changes that had no room, of the medium or of the index */
};

/* A place in the log: a block by its sequence number, and an offset in it. */
struct kvlog_pos {
	uint64_t seq;
	uint32_t off;
};

struct kvlog_listed {
	uint64_t hash;  /* of the name, which the order is by */
	uint32_t place; /* of the key itself, or of one below it */
	uint16_t name_len;
	bool is_key, is_folder;
};

struct kvlog_listing {
	uint64_t folder, after, generation; /* what it belongs to */
	unsigned n;
	bool complete; /* there is nothing behind the last */
	struct kvlog_listed found[KVLOG_LISTED];
};

struct kvlog_open {
	bool used, failed;
	uint8_t key[KV_KEY_BYTES_MAX];
	uint8_t key_len;
	uint64_t id, bytes, version;
	uint32_t filled; /* bytes of the piece */
	uint64_t number; /* tells one writer from the next */
};

struct kvlog {
	struct kv_rw rw;
	struct kvlog_config config;
	struct kvlog_stats stats;
	enum err mounted; /* what mounting it ended with, and every call does */
	uint32_t unit;    /* records start and end on one */
	uint32_t room;    /* of a block's header */
	uint32_t piece_bytes;
	uint64_t id;
	uint32_t n;           /* entries of the index */
	uint32_t pieces;      /* of them */
	uint64_t live;        /* bytes of records in it */
	uint64_t head, tail;  /* newest and oldest block */
	struct kvlog_pos end; /* where the next record goes, unless the head is `broken` */
	uint32_t off, staged; /* what is being programmed: in the head, from off, in the buffer */
	uint32_t left;        /* bytes of the record under way that are not staged yet */
	bool has_large;       /* values in pieces were seen */
	bool broken;          /* nothing more can be programmed in the head */
	bool is_erased;       /* the block that is tried next */
	uint32_t epoch;       /* of blocks that are begun */
	uint64_t stale_until; /* blocks up to it may hold records under their numbers from before */
	bool unsynced;
	uint32_t claim;     /* up to here the head's records are synced */
	uint32_t unclaimed; /* records behind */
	uint32_t free_blocks, bad_blocks;
	uint32_t erases_max;
	uint32_t gc_off;    /* in the tail: before it, everything has been moved */
	uint32_t retire[4]; /* blocks that are to be noted on the medium */
	unsigned n_retire;
	uint64_t generation; /* of changes, for listings */
	uint64_t verified;   /* place + 1 of the record whose bytes were last found right */
	uint64_t verified_generation;
	uint8_t probe[2][20 + 36 + 256]; /* headers of records */
	struct kvlog_listing listing;
	struct kvlog_open writer;
};

/*
 * Mounts the store that is on the medium, or makes one on a medium that is blank (all that is
 * looked at reads as 0xff, or as zero) if `format` asks for it. ERR_NOTFOUND: it is blank;
 * ERR_INVALID: it holds something else; ERR_UNSUPPORTED: a store of another version, or a geometry
 * that is none for a store; ERR_RANGE: a store that was made for another geometry; ERR_NOMEM: more
 * blocks or keys than there is memory for; ERR_DAMAGED; the errors of the medium. Every call
 * answers that then. Time: it reads each block's header and those of its records, and the bytes of
 * the last block's.
 */
MUST_USE enum err kvlog_mount(struct kvlog *s, const struct kvlog_config *config);

/*
 * Makes an empty store of whatever is on the medium, and mounts it. All that was there is lost. As
 * kvlog_mount().
 */
MUST_USE enum err kvlog_format(struct kvlog *s, const struct kvlog_config *config);

/* The time of day, for kvlog_start(). */
struct kvlog_clock {
	const struct wall_clock *wall;
	uint64_t (*now_us)(void);
};

/*
 * For an image: mounts the store, with an `id` of random bytes and times of `clock`, and tells the
 * person in one line if that cannot be. The image starts all the same, and each call says why.
 */
void kvlog_start(struct kvlog *s, const struct kvlog_config *config, struct rng *rng,
		 struct kvlog_clock *clock);

/*
 * Bytes that values and what is kept beside them may take, and take: what would exceed it is
 * ERR_NOSPACE. In a store that is full each value of one record can be overwritten, and each
 * removed.
 */
uint64_t kvlog_capacity(const struct kvlog *s);
static inline uint64_t kvlog_used(const struct kvlog *s)
{
	return s->live;
}

/*
 * The geometry of the store that a block with these bytes at its beginning belongs to, and which of
 * its blocks it is, so that a store is found in a larger file; false: they begin none.
 */
enum { KVLOG_HEADER_BYTES = 64 };
MUST_USE bool kvlog_geometry(const uint8_t bytes[KVLOG_HEADER_BYTES], struct flash *out,
			     uint32_t *block);

#endif
