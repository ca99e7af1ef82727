/* SPDX-License-Identifier: ISC */
/* What the parts of storage/fat tell each other. */
#ifndef STORAGE_FAT_VOLUME_H
#define STORAGE_FAT_VOLUME_H

#include "storage/fat/fat.h"
#include "storage/fat/fat_disk.h"

/* --- cache.c: sectors in memory --------------------------------------------------------------- */

/*
 * EARLY may be written at any time: tables, and values that no folder names yet. LATE only when all
 * that is EARLY is safe: folders.
 */
enum fat_slot_state { FAT_SLOT_CLEAN, FAT_SLOT_EARLY, FAT_SLOT_LATE };

/* A sector, to be used until the next call of anything here. */
MUST_USE enum err fat_cache_get(struct fat_volume *v, uint32_t sector, uint8_t **out);
/* The same without reading it: zeroes. */
MUST_USE enum err fat_cache_new(struct fat_volume *v, uint32_t sector, uint8_t **out);
/* The sector of `bytes`, as one of these returned it, has been changed. */
void fat_cache_changed(struct fat_volume *v, const uint8_t *bytes, enum fat_slot_state state);
/* Drops sectors, changed or not, which are written by other ways or are nobody's any more. */
void fat_cache_forget(struct fat_volume *v, uint32_t sector, uint32_t count);
/* Writes what has been changed of some sectors, so that the disk can be read. */
MUST_USE enum err fat_cache_clean(struct fat_volume *v, uint32_t sector, uint32_t count);
void fat_cache_init(struct fat_volume *v, unsigned slots);

MUST_USE enum err fat_disk_read(struct fat_volume *v, uint32_t sector, uint32_t count, void *out);
MUST_USE enum err fat_disk_write(struct fat_volume *v, uint32_t sector, uint32_t count,
				 const void *bytes);
MUST_USE enum err fat_disk_zero(struct fat_volume *v, uint32_t sector, uint32_t count);
MUST_USE enum err fat_disk_flush(struct fat_volume *v);

/* Writes what is EARLY. */
MUST_USE enum err fat_write_early(struct fat_volume *v);
/* Writes what is EARLY, flushes, writes what is LATE. */
MUST_USE enum err fat_commit(struct fat_volume *v);

/* --- table.c: the file allocation table ------------------------------------------------------- */

/* What an entry says, whatever its width. */
enum { FAT_NEXT_FREE = 0, FAT_NEXT_BAD = 1 };
#define FAT_NEXT_END UINT32_MAX

/* The successor of a cluster of the volume, or one of the three above, or nonsense. */
MUST_USE enum err fat_table_get(struct fat_volume *v, uint32_t cluster, uint32_t *next);
MUST_USE enum err fat_table_set(struct fat_volume *v, uint32_t cluster, uint32_t next);

static inline bool fat_has_cluster(const struct fat_volume *v, uint32_t cluster)
{
	return cluster >= 2 && cluster - 2 < v->clusters;
}

static inline uint32_t fat_sector_of(const struct fat_volume *v, uint32_t cluster)
{
	return v->data_at + ((cluster - 2) << v->cluster_shift);
}

static inline uint32_t fat_cluster_bytes(const struct fat_volume *v)
{
	return UINT32_C(1) << (v->sector_shift + v->cluster_shift);
}

static inline uint32_t fat_first_cluster(const struct fat_volume *v, uint32_t folder)
{
	return folder == 0 && v->bits == 32 ? v->root_cluster : folder;
}

/* Counts it, and makes the volume read only. */
enum err fat_damaged(struct fat_volume *v);

/* --- chain.c: chains of clusters -------------------------------------------------------------- */

/* Chains may be others from now on. */
void fat_forget_places(struct fat_volume *v);
/* Cluster `n`, from 0, of a chain. ERR_EOF: it is shorter. */
MUST_USE enum err fat_chain_seek(struct fat_volume *v, struct fat_place *place, uint32_t first,
				 uint32_t n, uint32_t *cluster);
/* Copies bytes of a chain that is said to have as many. */
MUST_USE enum err fat_chain_read(struct fat_volume *v, uint32_t first, uint32_t offset, void *out,
				 size_t len);
/*
 * Takes up to `want` free clusters in a row, nearest behind `after` (0: anywhere), and links them
 * to it. ERR_NOSPACE.
 */
MUST_USE enum err fat_chain_grow(struct fat_volume *v, uint32_t after, uint32_t want,
				 uint32_t *first, uint32_t *n);
/* Frees a chain that nothing on the disk refers to; 0 is none. */
MUST_USE enum err fat_chain_free(struct fat_volume *v, uint32_t first);
/* Frees a chain when the disk no longer refers to it. */
MUST_USE enum err fat_chain_unlink(struct fat_volume *v, uint32_t first);
/* Frees all such chains. */
MUST_USE enum err fat_settle(struct fat_volume *v);
/* Adds bytes at the end of a value. ERR_NOSPACE. */
MUST_USE enum err fat_tail_append(struct fat_volume *v, struct fat_tail *tail, const void *bytes,
				  size_t len);

/* --- name.c, short_name.c --------------------------------------------------------------------- */

/* UTF-8 to UTF-16: the number of units, or ERR_INVALID if no file can have this name. */
ssize_t fat_name_units(const char *text, size_t len, uint16_t out[static FAT_NAME_UNITS_MAX]);
/* UTF-16 to UTF-8, with a NUL: the length, 0 if it does not fit or is not text. */
size_t fat_name_text(const uint16_t *units, size_t n, char *out, size_t size);
bool fat_names_match(const uint16_t *a, const uint16_t *b, size_t n);
/* A bit for a name, case aside. */
uint64_t fat_name_bit(const uint16_t *units, size_t n);
uint8_t fat_short_checksum(const uint8_t *short_name);
/* The units of a short name as people see it: "readme.txt". */
size_t fat_short_units(const uint8_t *entry, uint16_t out[static 12]);
/*
 * The short name of `units`, and its bits of case. True: it says all of it, so that it needs no
 * long name. False: it has a long name, and the short one a number, which
 * fat_short_number() writes, unless `*fits`: it is the same but for case.
 */
bool fat_short_name(const uint16_t *units, size_t n, uint8_t name[static ENTRY_NAME_BYTES],
		    uint8_t *letter_case, bool *fits);
/* Form `form` with number 1 to 9: 0 is "LONGNA~1.TXT", others "LO1F3A~1.TXT", by hashes. */
void fat_short_number(const uint16_t *units, size_t n, const uint8_t base[static ENTRY_NAME_BYTES],
		      unsigned form, unsigned number, uint8_t out[static ENTRY_NAME_BYTES]);

/* --- dir.c, dir_change.c: folders ------------------------------------------------------------- */

enum fat_entry_kind {
	FAT_ENTRY_FILE,
	FAT_ENTRY_FOLDER,
	FAT_ENTRY_OTHER,  /* "." and "..", labels */
	FAT_ENTRY_FREE,   /* and the next ones, as many as `slots` says, in the same sector */
	FAT_ENTRY_ORPHAN, /* a part of a long name, of nothing */
	FAT_ENTRY_END,    /* from here on nothing was ever used */
};

/* The slot of a folder. ERR_EOF: it has no more. */
MUST_USE enum err fat_dir_slot(struct fat_volume *v, uint32_t folder, uint32_t slot, uint8_t **out);
/* What is at *slot, which moves on; the name is in v->name. Of what is free or behind the end there
 * is no `raw`. ERR_EOF: the folder has no more. */
MUST_USE enum err fat_dir_next(struct fat_volume *v, uint32_t folder, uint32_t *slot,
			       struct fat_entry *out);
/* Whether an entry has the name v->wanted of `n` units, case aside. */
bool fat_dir_matches(struct fat_volume *v, const struct fat_entry *entry, size_t n);
/* The file or folder of that name. ERR_NOTFOUND. */
MUST_USE enum err fat_dir_find(struct fat_volume *v, uint32_t folder, size_t n,
			       struct fat_entry *out);
/* The name of an entry that fat_dir_next() has just returned. */
size_t fat_dir_name(struct fat_volume *v, const struct fat_entry *entry, char *out, size_t size);

static inline unsigned fat_slots_of_sector(const struct fat_volume *v)
{
	return UINT32_C(1) << (v->sector_shift - 5);
}

uint32_t fat_entry_cluster(const struct fat_volume *v, const uint8_t *raw);
void fat_entry_set_cluster(uint8_t *raw, uint32_t cluster);

/* An entry of name v->wanted that is not there yet, with `raw` but for the name. */
MUST_USE enum err fat_dir_add(struct fat_volume *v, uint32_t folder, size_t n, const uint8_t *raw);
/* Rewrites the short entry. */
MUST_USE enum err fat_dir_update(struct fat_volume *v, const struct fat_entry *entry);
MUST_USE enum err fat_dir_delete(struct fat_volume *v, const struct fat_entry *entry);
/* Marks `n` slots as free. */
MUST_USE enum err fat_dir_clear(struct fat_volume *v, uint32_t folder, uint32_t slot, uint32_t n);
/* OK: nothing is in it. ERR_EXISTS. */
MUST_USE enum err fat_dir_is_empty(struct fat_volume *v, uint32_t folder);
/* Makes an empty folder that nothing refers to yet. */
MUST_USE enum err fat_dir_make(struct fat_volume *v, uint32_t parent, uint32_t *folder);

/* --- path.c ----------------------------------------------------------------------------------- */

/* The entry of a key. ERR_NOTFOUND, also of what is no key. */
MUST_USE enum err fat_path_find(struct fat_volume *v, const char *key, size_t len,
				struct fat_entry *out);
/* The first cluster of a folder, "" and 0 the root. */
MUST_USE enum err fat_path_folder(struct fat_volume *v, const char *key, size_t len,
				  uint32_t *folder);

/* --- mount.c ---------------------------------------------------------------------------------- */

/* Sets or takes away the mark of a volume in use, and tells FSInfo. */
MUST_USE enum err fat_mark(struct fat_volume *v, bool in_use);
MUST_USE enum err fat_count_free(struct fat_volume *v);

/* --- check.c, check_walk.c -------------------------------------------------------------------- */

MUST_USE enum err fat_check_all(struct fat_volume *v);

/* --- date.c ----------------------------------------------------------------------------------- */

/* Unix time to date (high half) and time, and back; before 1981, as nobody's clock is: 0. */
uint32_t fat_date(uint64_t unix_s);
uint64_t fat_date_unix(uint32_t date_time);
/* The time of a change to what had `before`: now, but later than that. */
uint32_t fat_date_now(const struct fat_volume *v, uint32_t before);

#endif
