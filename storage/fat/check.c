/* SPDX-License-Identifier: ISC */
/*
 * The check of a volume that was in use when it was left.
 *
 * A map has a bit for each cluster, as far as the memory goes, else for a part of them at a time.
 * All chains that folders name are followed, and what is not in any of them is free afterwards. No
 * cluster may be in two. The exception is a rename that a cut left half way: two files with the
 * same first cluster, of which the new one has a mark that follows the mark of the old one. Marks
 * are values of the hundredths of the second of creation that no time has; they stay, and mean
 * nothing once the old entry is gone.
 */
#include "storage/fat/check.h"

#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"

enum {
	SLOTS = 4,      /* that are left to read with */
	TWICE_MAX = 16, /* renames that are finished */
};

/* --- the map ---------------------------------------------------------------------------------- */

static bool is_here(const struct fat_walk *w, uint32_t cluster)
{
	return cluster >= w->map_first && cluster - w->map_first < w->map_n;
}

static bool is_marked(const struct fat_walk *w, uint32_t cluster)
{
	uint32_t bit = cluster - w->map_first;

	return is_here(w, cluster) && (w->map[bit / 8] >> bit % 8 & 1) != 0;
}

static enum err mark(struct fat_walk *w, uint32_t cluster)
{
	uint32_t bit = cluster - w->map_first;
	enum err e = fat_walk_step(w);

	if (e != OK)
		return e;
	if (is_marked(w, cluster))
		return fat_damaged(w->v);
	if (is_here(w, cluster))
		w->map[bit / 8] |= (uint8_t)(1u << bit % 8);
	return OK;
}

/* --- one pass --------------------------------------------------------------------------------- */

/* A file's chain; those of folders are marked as their entries are read. */
static enum err mark_file(struct fat_walk *w, const struct fat_entry *entry)
{
	struct fat_volume *v = w->v;
	uint32_t cluster = fat_entry_cluster(v, entry->raw), n = 0, next = 0;
	uint64_t bytes = load_le32(&entry->raw[ENTRY_SIZE]);

	if (entry->kind == FAT_ENTRY_FOLDER || (bytes == 0 && cluster == 0))
		return OK;
	if (fat_has_cluster(v, cluster) && is_marked(w, cluster)) {
		w->twice = cluster;
		return ERR_EXISTS;
	}
	while (next != FAT_NEXT_END) {
		if (!fat_has_cluster(v, cluster))
			return fat_damaged(v);
		enum err e = mark(w, cluster);
		if (e == OK)
			e = fat_table_get(v, cluster, &next);
		if (e != OK)
			return e;
		cluster = next;
		n++;
	}
	return (uint64_t)n * fat_cluster_bytes(v) < bytes ? fat_damaged(v) : OK;
}

/* A folder ends at its end mark: what is linked or written behind it was cut off on its way. */
static enum err trim(struct fat_walk *w, const struct fat_entry *end)
{
	struct fat_volume *v = w->v;
	uint32_t of_cluster = fat_slots_of_sector(v) << v->cluster_shift;
	uint32_t until = ROUND_UP(end->slot + 1, of_cluster), cluster, next = FAT_NEXT_END;
	enum err e = OK;

	for (uint32_t slot = end->slot; slot < until && e == OK; slot++) {
		uint8_t *raw;

		e = fat_dir_slot(v, end->folder, slot, &raw);
		if (e == OK && raw[0] != 0) {
			memset(raw, 0, ENTRY_BYTES);
			fat_cache_changed(v, raw, FAT_SLOT_EARLY);
			v->stats.repaired++;
		}
	}
	if (e == ERR_EOF)
		e = OK;
	if (e != OK || (end->folder == 0 && v->bits != 32))
		return e;
	e = fat_chain_seek(v, &v->folder_place, fat_first_cluster(v, end->folder),
			   end->slot / of_cluster, &cluster);
	if (e == OK)
		e = fat_table_get(v, cluster, &next);
	if (e != OK || next == FAT_NEXT_END)
		return e;
	v->stats.repaired++;
	return fat_table_set(v, cluster, FAT_NEXT_END);
}

static enum err clear_orphan(struct fat_walk *w, const struct fat_entry *orphan)
{
	w->v->stats.repaired++;
	return fat_dir_clear(w->v, orphan->folder, orphan->slot, orphan->slots);
}

static enum err free_lost(struct fat_walk *w)
{
	struct fat_volume *v = w->v;

	for (uint32_t i = 0; i < w->map_n; i++) {
		uint32_t cluster = w->map_first + i, next;
		enum err e = fat_table_get(v, cluster, &next);

		if (e == OK && next != FAT_NEXT_FREE && next != FAT_NEXT_BAD &&
		    !is_marked(w, cluster)) {
			next = FAT_NEXT_FREE;
			v->stats.lost_clusters++;
			e = fat_table_set(v, cluster, FAT_NEXT_FREE);
		}
		if (e != OK)
			return e;
		v->n_free += next == FAT_NEXT_FREE;
	}
	return OK;
}

/* More steps than all chains and entries can take, by whoever they are named. */
static uint32_t steps_max(const struct fat_volume *v)
{
	uint64_t of_cluster = (uint64_t)fat_slots_of_sector(v) << v->cluster_shift;

	return (uint32_t)MIN((v->clusters + 16ull) * (of_cluster + 2) +
				     (uint64_t)v->root_sectors * fat_slots_of_sector(v),
			     UINT32_MAX);
}

static enum err pass(struct fat_walk *w, uint32_t first)
{
	struct fat_volume *v = w->v;

	w->map_first = first;
	w->map_n = (uint32_t)MIN((uint64_t)w->map_bytes * 8, v->clusters - (first - 2));
	memset(w->map, 0, (w->map_n + 7) / 8);
	w->steps_left = steps_max(v);
	w->entry = mark_file;
	w->cluster = mark;
	w->end = trim;
	w->orphan = clear_orphan;
	enum err e = fat_walk(w);
	return e == OK ? free_lost(w) : e;
}

/* --- renames that a cut left half way --------------------------------------------------------- */

static enum err find_twice(struct fat_walk *w, const struct fat_entry *entry)
{
	if (entry->kind != FAT_ENTRY_FILE || fat_entry_cluster(w->v, entry->raw) != w->twice)
		return OK;
	if (w->n_found == ARRAY_SIZE(w->found))
		return fat_damaged(w->v);
	w->found[w->n_found++] = *entry;
	return OK;
}

/* Whether an entry was moved from another one. */
static bool follows(const struct fat_entry *a, const struct fat_entry *b)
{
	uint8_t from = b->raw[ENTRY_MARK];
	uint8_t to = from >= MARK_FIRST && from < MARK_LAST ? (uint8_t)(from + 1) : MARK_FIRST;

	return a->raw[ENTRY_MARK] == to;
}

static enum err finish_rename(struct fat_walk *w)
{
	struct fat_volume *v = w->v;

	w->n_found = 0;
	w->steps_left = steps_max(v);
	w->entry = find_twice;
	w->cluster = NULL;
	w->end = w->orphan = NULL;
	enum err e = fat_walk(w);
	if (e != OK)
		return e;
	if (w->n_found != 2 ||
	    follows(&w->found[0], &w->found[1]) == follows(&w->found[1], &w->found[0]))
		return fat_damaged(v);
	v->stats.repaired++;
	e = fat_dir_delete(v, &w->found[follows(&w->found[0], &w->found[1]) ? 1 : 0]);
	return e == OK ? fat_commit(v) : e;
}

/* --- copies of the table ---------------------------------------------------------------------- */

static enum err make_copies(struct fat_volume *v)
{
	for (uint32_t i = 0; v->mirrors && i < v->table_sectors; i++) {
		for (uint32_t copy = 1; copy < v->tables; copy++) {
			uint32_t sector = v->table_at + i;
			uint8_t *a, *b;
			enum err e = fat_cache_get(v, sector, &a);

			if (e == OK)
				e = fat_cache_get(v, sector + copy * v->table_sectors, &b);
			if (e != OK)
				return e;
			if (memcmp(a, b, v->sector_bytes) == 0)
				continue;
			memcpy(b, a, v->sector_bytes);
			fat_cache_changed(v, b, FAT_SLOT_EARLY);
		}
	}
	return OK;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum err check_once(struct fat_walk *w)
{
	struct fat_volume *v = w->v;
	enum err e = OK;

	v->n_free = 0;
	for (uint32_t first = 2; e == OK && first - 2 < v->clusters; first += w->map_n)
		e = pass(w, first);
	return e;
}

static enum err check(struct fat_walk *w)
{
	enum err e = make_copies(w->v);

	if (e == OK)
		e = check_once(w);
	for (unsigned i = 0; e == ERR_EXISTS && i < TWICE_MAX; i++) {
		e = finish_rename(w);
		if (e == OK)
			e = check_once(w);
	}
	return e == ERR_EXISTS ? fat_damaged(w->v) : e;
}

/* Values that are being written belong to nobody yet: they would be freed. */
static enum err writers_are_closed(const struct fat_volume *v)
{
	for (unsigned i = 0; i < FAT_WRITERS; i++) {
		if (v->writer[i].serial != 0)
			return ERR_AGAIN;
	}
	return OK;
}

enum err fat_check_all(struct fat_volume *v)
{
	unsigned slots = v->n_slots;
	struct fat_walk w = {.v = v};
	enum err e = writers_are_closed(v);

	if (e == OK)
		e = fat_settle(v);
	if (e == OK)
		e = fat_write_early(v);
	if (e != OK)
		return e;
	v->stats.checks++;
	fat_cache_init(v, SLOTS);
	w.level = (struct fat_level *)(void *)&v->memory[SLOTS * v->sector_bytes];
	w.map = (uint8_t *)&w.level[FAT_DEPTH_MAX];
	w.map_bytes = (slots - SLOTS) * v->sector_bytes - FAT_DEPTH_MAX * sizeof(w.level[0]);
	e = check(&w);
	v->is_counted = e == OK;
	if (e != OK)
		v->n_free = UINT32_MAX;
	if (e == OK)
		e = fat_settle(v);
	fat_cache_init(v, slots);
	if (e == OK)
		v->is_in_use = true; /* as it was: fat_unmount() takes the mark away */
	return e;
}
