/* SPDX-License-Identifier: ISC */
/*
 * FAT12, FAT16 and FAT32 volumes with long names, as a key-value store (hal/kv.h) on a disk.
 *
 * A key is a path; its parts are names in UTF-8, compared without regard to case as FAT has it.
 * Folders are made as keys need them and removed with their last key. A volume is read from the
 * disk when it is first used, and again after the disk has had no medium (ERR_NODEV). Everything on
 * it is hostile: what contradicts itself is ERR_DAMAGED and counted, in bounded time, and the
 * volume is read only from then on.
 *
 * Calls are in direct style: they wait for the disk, so they are for fibers, and one runs at a time
 * (runtime/kv sees to that). All memory is the struct and what fat_init() is given. What changes of
 * tables and folders is kept there until it is synced or room is needed, and is then written in an
 * order that makes each change whole or not at all, wherever the power goes: first the value, in
 * clusters that were free, and its chain; after a flush the folder's sector that names it; after
 * another what nobody uses any more is free. A cut may leave clusters that belong to nobody, never
 * one that belongs to two, but for a rename between two sectors, of which one is marked as the
 * later. The mark of a volume in use, as Linux and Windows know it, is set before the first change
 * and taken away by fat_unmount(). Whoever mounts a volume that has it to change it checks it
 * first (fat_check()), which frees lost clusters and finishes such a rename.
 */
#ifndef STORAGE_FAT_FAT_H
#define STORAGE_FAT_FAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "hal/disk.h"
#include "hal/kv.h"

enum {
	FAT_SECTOR_BYTES_MAX = 4096,
	FAT_SLOTS_MIN = 8, /* sectors in memory */
	FAT_SLOTS_MAX = 64,
	FAT_NAME_UNITS_MAX = 255,        /* of UTF-16, in a long name */
	FAT_WRITERS = BY_MEMORY(2, 4),   /* values being written piece by piece, at a time */
	FAT_UNLINKED = BY_MEMORY(8, 32), /* values that are gone, but not free yet */
	FAT_PLACES = BY_MEMORY(2, 8)     /* where reading may go on without following a chain */
};

struct fat_stats {
	uint32_t damaged;       /* times that something contradicted itself */
	uint32_t checks;        /* of volumes that were in use when they were left */
	uint32_t lost_clusters; /* that belonged to nobody, and were freed */
	uint32_t repaired;      /* entries of folders that a cut had left half way */
	uint32_t commits;       /* times that folders were written */
};

struct fat_slot {
	uint32_t sector; /* UINT32_MAX: none */
	uint32_t used;   /* when, to find the one that was not for longest */
	uint8_t state;   /* enum fat_slot_state */
};

/* Where cluster number `n` of the chain that begins with `first` is: one that was asked for. */
struct fat_place {
	uint32_t first, n, cluster;
};

/* A value at whose end bytes are added: a chain that no folder names yet. */
struct fat_tail {
	uint32_t first, last, bytes;
};

struct fat_writer {
	uint32_t serial; /* 0: free */
	uint32_t key_len;
	enum err failed;
	struct fat_tail tail;
	char key[KV_KEY_BYTES_MAX];
};

/* An entry of a folder. */
struct fat_entry {
	uint32_t folder;     /* first cluster, 0: the root */
	uint32_t slot;       /* of its short name, in units of 32 bytes */
	uint32_t slots;      /* with the long name in front */
	uint16_t name_units; /* of the long name; 0: none that can be a key */
	uint8_t kind;        /* enum fat_entry_kind */
	uint8_t raw[32];     /* as on the disk */
};

struct fat_volume;

/* What changes volumes; fat_writing is the only one. Without it none of that is in the image. */
struct fat_writing {
	struct kv_rw_ops ops;
	enum err (*commit)(struct fat_volume *v);
	enum err (*check)(struct fat_volume *v);
	enum err (*settle)(struct fat_volume *v);
};

extern const struct fat_writing fat_writing;

struct fat_volume {
	struct kv_rw kv;
	struct disk *disk;
	const struct fat_writing *writing;
	uint64_t (*now_s)(void *arg);
	void *now_arg;
	uint8_t *memory;
	size_t memory_bytes;
	struct fat_stats stats;

	/* Of the volume, as long as it is mounted. Sectors are the volume's, of sector_bytes. */
	bool is_mounted, is_read_only, is_in_use, was_in_use, mirrors, is_counted;
	bool is_unflushed;     /* something was written since the last flush */
	bool has_lost;         /* changes, with a medium that went: the next sync is to say so */
	uint64_t deleted;      /* bits of names that went since folders were written */
	uint8_t bits;          /* of an entry of the table: 12, 16 or 32 */
	uint8_t tables;        /* copies of the table */
	uint8_t cluster_shift; /* sectors in a cluster: 1 << cluster_shift */
	uint8_t disk_shift;    /* the disk's sectors in one of the volume */
	uint8_t sector_shift;  /* a sector has 1 << sector_shift bytes */
	uint8_t last_slot;     /* that was asked for last, of those in memory */
	uint32_t sector_bytes;
	uint32_t table_at, table_sectors;
	uint32_t root_at, root_sectors; /* of FAT12 and FAT16 */
	uint32_t root_cluster;          /* of FAT32 */
	uint32_t data_at;
	uint32_t clusters;          /* numbered from 2 */
	uint32_t info_at;           /* FSInfo; 0: none */
	uint32_t next_free, n_free; /* n_free UINT32_MAX: nobody has counted */

	unsigned n_slots;
	uint32_t uses;
	struct fat_slot slot[FAT_SLOTS_MAX];
	struct fat_place file_place[FAT_PLACES]; /* the last one first */
	struct fat_place folder_place;
	uint32_t unlinked[FAT_UNLINKED];
	unsigned n_unlinked;
	struct fat_writer writer[FAT_WRITERS];
	uint32_t serial;

	/* The key that was looked up last, if found_len > 0. */
	uint32_t found_len;
	char found_key[KV_KEY_BYTES_MAX];
	struct fat_entry found;
	uint16_t wanted[FAT_NAME_UNITS_MAX + 13], name[FAT_NAME_UNITS_MAX + 13];
};

/*
 * A volume on `disk`, whose calls may be made from now on. `memory` holds FAT_SLOTS_MIN to
 * FAT_SLOTS_MAX sectors of the volume, aligned to 4 bytes, and like `disk` is the volume's until
 * fat_unmount(). `now_s` says the Unix time, 0 for not known. `writing` is &fat_writing, or NULL:
 * it is only read. Does not wait.
 */
void fat_init(struct fat_volume *v, struct disk *disk, const struct fat_writing *writing,
	      void *memory, size_t memory_bytes, uint64_t (*now_s)(void *arg), void *now_arg);

/*
 * Reads what volume there is, if that is not known yet; every call does that by itself. ERR_NODEV;
 * ERR_UNSUPPORTED: there is no FAT, or one of larger or smaller sectors than can be had here;
 * ERR_DAMAGED: one whose measures contradict each other; ERR_NOMEM: `memory` is too small for its
 * sectors; the errors of the medium.
 */
MUST_USE enum err fat_mount(struct fat_volume *v);

/* Syncs, and takes the mark of a volume in use away; values that are being written are none. */
MUST_USE enum err fat_unmount(struct fat_volume *v);

/*
 * Looks through all folders and tables, frees clusters that belong to nobody, finishes what a loss
 * of power cut short. ERR_DAMAGED: something contradicts itself; the volume is read only then.
 * Syncs. Takes time in proportion to the size of the table, and to the bits that the memory does
 * not have for all clusters at once.
 */
MUST_USE enum err fat_check(struct fat_volume *v);

/* How many bytes are free, and how many there are for values in all, in whole clusters. */
MUST_USE enum err fat_space(struct fat_volume *v, uint64_t *free_bytes, uint64_t *all_bytes);

extern const struct counters fat_counters;

#endif
