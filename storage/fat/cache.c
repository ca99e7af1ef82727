/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/fat/volume.h"

enum { READ_SLOTS = 4 }; /* that are never LATE, so that tables and folders can be read */

#define NO_SECTOR UINT32_MAX

void fat_cache_init(struct fat_volume *v, unsigned slots)
{
	v->n_slots = slots;
	v->last_slot = 0;
	v->uses = 0;
	for (unsigned i = 0; i < slots; i++)
		v->slot[i] = (struct fat_slot){.sector = NO_SECTOR};
}

static uint8_t *bytes_of(struct fat_volume *v, const struct fat_slot *s)
{
	return &v->memory[(size_t)(s - v->slot) * v->sector_bytes];
}

/* --- the disk --------------------------------------------------------------------------------- */

/* A medium that has gone takes what was in memory along. */
static enum err watched(struct fat_volume *v, enum err e)
{
	if (e == ERR_NODEV) {
		v->has_lost = v->has_lost || (v->is_mounted && v->is_in_use);
		v->is_mounted = false;
	}
	return e;
}

enum err fat_disk_read(struct fat_volume *v, uint32_t sector, uint32_t count, void *out)
{
	return watched(v, disk_read(v->disk, (uint64_t)sector << v->disk_shift,
				    count << v->disk_shift, out));
}

enum err fat_disk_write(struct fat_volume *v, uint32_t sector, uint32_t count, const void *bytes)
{
	v->is_unflushed = true;
	return watched(v, disk_write(v->disk, (uint64_t)sector << v->disk_shift,
				     count << v->disk_shift, bytes));
}

enum err fat_disk_zero(struct fat_volume *v, uint32_t sector, uint32_t count)
{
	v->is_unflushed = true;
	return watched(v, disk_zero(v->disk, (uint64_t)sector << v->disk_shift,
				    (uint64_t)count << v->disk_shift));
}

enum err fat_disk_flush(struct fat_volume *v)
{
	if (!v->is_unflushed)
		return OK;
	enum err e = watched(v, disk_flush(v->disk));
	if (e == OK)
		v->is_unflushed = false;
	return e;
}

/* --- slots ------------------------------------------------------------------------------------ */

static bool is_of_table(const struct fat_volume *v, uint32_t sector)
{
	return sector >= v->table_at && sector - v->table_at < v->table_sectors;
}

/* Writes a slot, and if it is of the table, all copies of that. */
static enum err write_slot(struct fat_volume *v, struct fat_slot *s)
{
	enum err e = fat_disk_write(v, s->sector, 1, bytes_of(v, s));

	if (v->mirrors && is_of_table(v, s->sector)) {
		for (uint32_t i = 1; i < v->tables && e == OK; i++)
			e = fat_disk_write(v, s->sector + i * v->table_sectors, 1, bytes_of(v, s));
	}
	if (e == OK)
		s->state = FAT_SLOT_CLEAN;
	return e;
}

/* In order of their sectors, which is how disks like it. */
static enum err write_all(struct fat_volume *v, enum fat_slot_state state)
{
	for (;;) {
		struct fat_slot *next = NULL;

		for (unsigned i = 0; i < v->n_slots; i++) {
			struct fat_slot *s = &v->slot[i];

			if (s->state == state && (next == NULL || s->sector < next->sector))
				next = s;
		}
		if (next == NULL)
			return OK;
		enum err e = write_slot(v, next);
		if (e != OK)
			return e;
	}
}

enum err fat_write_early(struct fat_volume *v)
{
	return write_all(v, FAT_SLOT_EARLY);
}

static unsigned count_late(const struct fat_volume *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_slots; i++)
		n += v->slot[i].state == FAT_SLOT_LATE;
	return n;
}

enum err fat_commit(struct fat_volume *v)
{
	enum err e = fat_write_early(v);

	if (e != OK || count_late(v) == 0)
		return e;
	e = fat_disk_flush(v);
	if (e == OK)
		e = write_all(v, FAT_SLOT_LATE);
	if (e == OK)
		v->deleted = 0;
	v->stats.commits++;
	return e;
}

/* A slot for another sector: of those that may be written alone, the one not used for longest. */
static enum err take_slot(struct fat_volume *v, struct fat_slot **out)
{
	struct fat_slot *oldest = NULL;
	enum err e;

	if (v->writing != NULL && count_late(v) + READ_SLOTS > v->n_slots) {
		e = v->writing->commit(v);
		if (e != OK)
			return e;
	}
	for (unsigned i = 0; i < v->n_slots; i++) {
		struct fat_slot *s = &v->slot[i];

		if (s->state != FAT_SLOT_LATE &&
		    (oldest == NULL || v->uses - s->used > v->uses - oldest->used))
			oldest = s;
	}
	assert(oldest != NULL); /* READ_SLOTS of them are not */
	if (oldest->state == FAT_SLOT_EARLY) {
		e = write_slot(v, oldest);
		if (e != OK)
			return e;
	}
	oldest->sector = NO_SECTOR;
	*out = oldest;
	return OK;
}

static struct fat_slot *find_slot(struct fat_volume *v, uint32_t sector)
{
	if (v->slot[v->last_slot].sector == sector) /* it was used then, too */
		return &v->slot[v->last_slot];
	for (unsigned i = 0; i < v->n_slots; i++) {
		if (v->slot[i].sector == sector) {
			v->slot[i].used = ++v->uses;
			v->last_slot = (uint8_t)i;
			return &v->slot[i];
		}
	}
	return NULL;
}

static void set_slot(struct fat_volume *v, struct fat_slot *s, uint32_t sector)
{
	s->sector = sector;
	s->state = FAT_SLOT_CLEAN;
	s->used = ++v->uses;
	v->last_slot = (uint8_t)(s - v->slot);
}

/* A sector of the table that cannot be read has copies. */
static enum err read_copy(struct fat_volume *v, uint32_t sector, uint8_t *out, enum err e)
{
	for (uint32_t i = 1; e == ERR_IO && i < v->tables; i++)
		e = fat_disk_read(v, sector + i * v->table_sectors, 1, out);
	return e;
}

enum err fat_cache_get(struct fat_volume *v, uint32_t sector, uint8_t **out)
{
	struct fat_slot *s = find_slot(v, sector);
	enum err e;

	if (s == NULL) {
		e = take_slot(v, &s);
		if (e != OK)
			return e;
		e = fat_disk_read(v, sector, 1, bytes_of(v, s));
		if (e == ERR_IO && v->mirrors && is_of_table(v, sector))
			e = read_copy(v, sector, bytes_of(v, s), e);
		if (e != OK)
			return e;
		set_slot(v, s, sector);
	}
	*out = bytes_of(v, s);
	return OK;
}

enum err fat_cache_new(struct fat_volume *v, uint32_t sector, uint8_t **out)
{
	struct fat_slot *s = find_slot(v, sector);

	if (s == NULL) {
		enum err e = take_slot(v, &s);
		if (e != OK)
			return e;
		set_slot(v, s, sector);
	}
	*out = bytes_of(v, s);
	memset(*out, 0, v->sector_bytes);
	return OK;
}

void fat_cache_changed(struct fat_volume *v, const uint8_t *bytes, enum fat_slot_state state)
{
	struct fat_slot *s = &v->slot[(size_t)(bytes - v->memory) >> v->sector_shift];

	if (s->state != FAT_SLOT_LATE)
		s->state = (uint8_t)state;
}

void fat_cache_forget(struct fat_volume *v, uint32_t sector, uint32_t count)
{
	for (unsigned i = 0; i < v->n_slots; i++) {
		struct fat_slot *s = &v->slot[i];

		if (s->sector != NO_SECTOR && s->sector >= sector && s->sector - sector < count)
			*s = (struct fat_slot){.sector = NO_SECTOR, .used = v->uses - UINT16_MAX};
	}
}

enum err fat_cache_clean(struct fat_volume *v, uint32_t sector, uint32_t count)
{
	for (unsigned i = 0; i < v->n_slots; i++) {
		struct fat_slot *s = &v->slot[i];

		if (s->state == FAT_SLOT_EARLY && s->sector >= sector &&
		    s->sector - sector < count) {
			enum err e = write_slot(v, s);
			if (e != OK)
				return e;
		}
	}
	return OK;
}
