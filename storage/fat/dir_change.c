/* SPDX-License-Identifier: ISC */
/*
 * Folders, as they are changed.
 *
 * The entries of a name lie in one sector, where they fit into one, so that they are there as a
 * whole or not at all; of a longer name the long part is there first. What is behind the end mark
 * of a folder may be anything after a loss of power; it is zeroed before the mark moves there.
 */
#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

#define NO_SLOT UINT32_MAX

enum { FORMS_MAX = 64 }; /* of short names that are tried */

enum err fat_dir_update(struct fat_volume *v, const struct fat_entry *entry)
{
	uint8_t *raw;
	enum err e = fat_dir_slot(v, entry->folder, entry->slot, &raw);

	if (e != OK)
		return e;
	memcpy(raw, entry->raw, ENTRY_BYTES);
	fat_cache_changed(v, raw, FAT_SLOT_LATE);
	return OK;
}

enum err fat_dir_clear(struct fat_volume *v, uint32_t folder, uint32_t slot, uint32_t n)
{
	for (; n > 0; n--, slot++) {
		uint8_t *raw;
		enum err e = fat_dir_slot(v, folder, slot, &raw);

		if (e != OK)
			return e;
		raw[0] = ENTRY_FREE;
		fat_cache_changed(v, raw, FAT_SLOT_LATE);
	}
	return OK;
}

static bool in_one_sector(const struct fat_volume *v, uint32_t slot, uint32_t n)
{
	return slot / fat_slots_of_sector(v) == (slot + n - 1) / fat_slots_of_sector(v);
}

/* A short name without its long one is another name: it goes first. */
enum err fat_dir_delete(struct fat_volume *v, const struct fat_entry *entry)
{
	uint32_t first = entry->slot + 1 - entry->slots;
	enum err e = OK;

	if (!in_one_sector(v, first, entry->slots)) {
		e = fat_dir_clear(v, entry->folder, entry->slot, 1);
		if (e == OK)
			e = fat_commit(v);
	}
	return e == OK ? fat_dir_clear(v, entry->folder, first, entry->slots) : e;
}

enum err fat_dir_is_empty(struct fat_volume *v, uint32_t folder)
{
	struct fat_entry entry;
	uint32_t slot = 0;

	for (;;) {
		enum err e = fat_dir_next(v, folder, &slot, &entry);

		if (e == ERR_EOF || (e == OK && entry.kind == FAT_ENTRY_END))
			return OK;
		if (e != OK)
			return e;
		if (entry.kind == FAT_ENTRY_FILE || entry.kind == FAT_ENTRY_FOLDER)
			return ERR_EXISTS;
	}
}

/* --- a place and a short name for a new entry ------------------------------------------------- */

struct place {
	uint32_t need;        /* slots */
	uint32_t at;          /* that are free; NO_SLOT: none were found below the end */
	uint32_t run_at, run; /* the free ones last seen */
	uint32_t end;         /* the end mark, or how many there are */
	bool has_end;
	bool base_taken;                   /* the short name without a number */
	uint8_t base[ENTRY_NAME_BYTES];    /* in this form */
	uint8_t form[2][ENTRY_NAME_BYTES]; /* two forms, with number 1 */
	uint16_t taken[2];                 /* their numbers that others have */
};

static void note_free(struct fat_volume *v, struct place *p, uint32_t slot, uint32_t n)
{
	if (p->need <= fat_slots_of_sector(v) && slot % fat_slots_of_sector(v) == 0)
		p->run = 0;
	if (p->run == 0)
		p->run_at = slot;
	p->run += n;
	if (p->at == NO_SLOT && p->run >= p->need)
		p->at = p->run_at;
}

static void note_taken(struct place *p, const uint8_t *name)
{
	if (memcmp(name, p->base, ENTRY_NAME_BYTES) == 0)
		p->base_taken = true;
	for (unsigned form = 0; form < 2; form++) {
		const uint8_t *model = p->form[form];
		unsigned at = 7; /* the number stands behind the last tilde */

		while (at > 1 && model[at - 1] != '~')
			at--;
		if (memcmp(name, model, at) == 0 && name[at] >= '1' && name[at] <= '9' &&
		    memcmp(&name[at + 1], &model[at + 1], ENTRY_NAME_BYTES - 1 - at) == 0)
			p->taken[form] |= (uint16_t)(1 << (name[at] - '0'));
	}
}

static enum err scan(struct fat_volume *v, uint32_t folder, struct place *p)
{
	struct fat_entry entry;
	uint32_t slot = 0;

	p->at = NO_SLOT;
	p->run = 0;
	for (;;) {
		enum err e = fat_dir_next(v, folder, &slot, &entry);

		p->end = slot;
		p->has_end = e == OK;
		if (e == ERR_EOF || (e == OK && entry.kind == FAT_ENTRY_END))
			return OK;
		if (e != OK)
			return e;
		if (entry.kind == FAT_ENTRY_FREE) {
			note_free(v, p, entry.slot, entry.slots);
			continue;
		}
		p->run = 0;
		if (entry.kind != FAT_ENTRY_ORPHAN)
			note_taken(p, entry.raw);
	}
}

/* Where entries go that found no gap: behind the last one, in the next sector if need be. */
static void place_at_end(const struct fat_volume *v, struct place *p)
{
	uint32_t of_sector = fat_slots_of_sector(v);

	if (p->at != NO_SLOT)
		return;
	p->at = p->run > 0 ? p->run_at : p->end;
	if (p->need <= of_sector && p->at % of_sector + p->need > of_sector)
		p->at = ROUND_UP(p->at, of_sector);
}

static enum err find_place(struct fat_volume *v, uint32_t folder, size_t n, uint8_t *raw,
			   struct place *p)
{
	uint32_t parts = (uint32_t)(n + LONG_UNITS - 1) / LONG_UNITS;
	bool fits;
	bool is_short = fat_short_name(v->wanted, n, p->base, &raw[ENTRY_CASE], &fits);

	for (unsigned form = 0; form < FORMS_MAX; form += 2) {
		p->need = is_short ? 1 : parts + 1;
		p->base_taken = false;
		for (unsigned i = 0; i < 2; i++) {
			p->taken[i] = 0;
			fat_short_number(v->wanted, n, p->base, form + i, 1, p->form[i]);
		}
		enum err e = scan(v, folder, p);
		if (e != OK)
			return e;
		place_at_end(v, p);
		memcpy(raw, p->base, ENTRY_NAME_BYTES);
		if (fits && !p->base_taken)
			return OK;
		if (is_short) { /* somebody's number happens to look like this name */
			is_short = false;
			raw[ENTRY_CASE] = 0;
			continue;
		}
		for (unsigned i = 0; i < 2; i++) {
			for (unsigned number = 1; number <= 9; number++) {
				if ((p->taken[i] >> number & 1) != 0)
					continue;
				fat_short_number(v->wanted, n, p->base, form + i, number, raw);
				return OK;
			}
		}
	}
	return ERR_NOSPACE;
}

/* --- making room ------------------------------------------------------------------------------ */

/* Adds a cluster as number `n` to a folder. */
static enum err extend(struct fat_volume *v, uint32_t folder, uint32_t n, bool has_end)
{
	uint32_t last, cluster, one;
	enum err e;

	if ((folder == 0 && v->bits != 32) ||
	    ((n + 1) << v->cluster_shift) * fat_slots_of_sector(v) > FAT_FOLDER_SLOTS_MAX)
		return ERR_NOSPACE;
	e = fat_chain_grow(v, 0, 1, &cluster, &one);
	if (e == OK)
		e = fat_chain_seek(v, &v->folder_place, fat_first_cluster(v, folder), n - 1, &last);
	if (e == OK)
		e = fat_disk_zero(v, fat_sector_of(v, cluster), UINT32_C(1) << v->cluster_shift);
	/* Nobody reads beyond the end mark. Without one it must be zero when it is linked. */
	if (e == OK && !has_end)
		e = fat_disk_flush(v);
	return e == OK ? fat_table_set(v, last, cluster) : e;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	return bytes[0] == 0 && memcmp(bytes, &bytes[1], n - 1) == 0;
}

/* Makes a sector zero for good, unless it is. */
static enum err make_zero(struct fat_volume *v, uint8_t *bytes)
{
	if (is_zero(bytes, v->sector_bytes))
		return OK;
	memset(bytes, 0, v->sector_bytes);
	fat_cache_changed(v, bytes, FAT_SLOT_EARLY);
	enum err e = fat_write_early(v);
	return e == OK ? fat_disk_flush(v) : e;
}

/* Makes the sectors beyond the end mark that entries up to `until` take, and the next, zero. */
static enum err make_room(struct fat_volume *v, uint32_t folder, const struct place *p,
			  uint32_t until)
{
	uint32_t of_sector = fat_slots_of_sector(v);

	for (uint32_t slot = ROUND_UP(p->end, of_sector); slot <= until; slot += of_sector) {
		uint8_t *bytes;
		enum err e = fat_dir_slot(v, folder, slot, &bytes);

		if (e == ERR_EOF) {
			if (slot == until)
				return OK; /* it ends there without a mark */
			e = extend(v, folder, (slot / of_sector) >> v->cluster_shift, p->has_end);
		} else if (e == OK) {
			e = make_zero(v, bytes);
		}
		if (e != OK)
			return e;
	}
	return OK;
}

/* The slot for a part of the entry; if it is beyond the end mark, what follows it is nothing. */
static enum err new_slot(struct fat_volume *v, uint32_t folder, uint32_t slot,
			 const struct place *p, uint8_t **raw)
{
	uint32_t behind = fat_slots_of_sector(v) - 1 - slot % fat_slots_of_sector(v);
	enum err e = fat_dir_slot(v, folder, slot, raw);

	if (e != OK)
		return e;
	if (slot >= p->end)
		memset(*raw + ENTRY_BYTES, 0, behind * ENTRY_BYTES);
	fat_cache_changed(v, *raw, FAT_SLOT_LATE);
	return OK;
}

static void put_long(uint8_t *raw, const uint16_t *units, size_t n, unsigned part, unsigned parts,
		     uint8_t sum)
{
	static const uint8_t at[LONG_UNITS] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

	memset(raw, 0, ENTRY_BYTES);
	raw[LONG_ORDER] = (uint8_t)(part | (part == parts ? LONG_LAST : 0));
	raw[ENTRY_ATTRIBUTES] = ATTRIBUTES_LONG;
	raw[LONG_CHECKSUM] = sum;
	for (unsigned i = 0; i < LONG_UNITS; i++) {
		size_t k = (part - 1) * LONG_UNITS + i;

		/* A zero behind the name, then ones. */
		store_le16(&raw[at[i]], k < n ? units[k] : k == n ? 0 : 0xffff);
	}
}

enum err fat_dir_add(struct fat_volume *v, uint32_t folder, size_t n, const uint8_t *from)
{
	uint8_t entry[ENTRY_BYTES], *raw;
	struct place p = {0};

	memcpy(entry, from, ENTRY_BYTES);
	/* A name that has just gone must not be there twice after a loss of power. */
	enum err e = (v->deleted & fat_name_bit(v->wanted, n)) != 0 ? fat_commit(v) : OK;
	if (e == OK)
		e = find_place(v, folder, n, entry, &p);
	if (e == OK && p.at + p.need > p.end)
		e = make_room(v, folder, &p, p.at + p.need);
	if (e == OK && p.at > p.end)
		e = fat_dir_clear(v, folder, p.end, p.at - p.end);
	for (unsigned part = p.need - 1; part > 0 && e == OK; part--) {
		e = new_slot(v, folder, p.at + p.need - 1 - part, &p, &raw);
		if (e == OK)
			put_long(raw, v->wanted, n, part, p.need - 1, fat_short_checksum(entry));
	}
	if (e == OK && !in_one_sector(v, p.at, p.need))
		e = fat_commit(v);
	if (e == OK)
		e = new_slot(v, folder, p.at + p.need - 1, &p, &raw);
	if (e == OK)
		memcpy(raw, entry, ENTRY_BYTES);
	return e;
}

enum err fat_dir_make(struct fat_volume *v, uint32_t parent, uint32_t *folder)
{
	uint32_t n, date = fat_date_now(v, 0);
	uint8_t *raw;
	enum err e = fat_chain_grow(v, 0, 1, folder, &n);

	if (e != OK)
		return e;
	uint32_t sector = fat_sector_of(v, *folder);
	if (v->cluster_shift > 0)
		e = fat_disk_zero(v, sector + 1, (UINT32_C(1) << v->cluster_shift) - 1);
	if (e == OK)
		e = fat_cache_new(v, sector, &raw);
	if (e != OK)
		return e;
	for (unsigned i = 0; i < 2; i++, raw += ENTRY_BYTES) {
		memset(raw, ' ', ENTRY_NAME_BYTES);
		memset(raw, '.', i + 1);
		raw[ENTRY_ATTRIBUTES] = ATTRIBUTE_FOLDER;
		store_le16(&raw[ENTRY_TIME], (uint16_t)date);
		store_le16(&raw[ENTRY_DATE], (uint16_t)(date >> 16));
		fat_entry_set_cluster(raw, i == 0 ? *folder : parent);
	}
	fat_cache_changed(v, raw - ENTRY_BYTES, FAT_SLOT_EARLY);
	/* Now, since what is added to it makes the sector wait for others. */
	return fat_cache_clean(v, sector, 1);
}
