/* SPDX-License-Identifier: ISC */
#include "storage/fat/check.h"
#include "storage/fat/fat_disk.h"

/* Tells of the clusters of a folder as far as its entries have been read. */
static enum err see_clusters(struct fat_walk *w, struct fat_level *l, uint32_t slots)
{
	struct fat_volume *v = w->v;
	uint32_t of_cluster = fat_slots_of_sector(v) << v->cluster_shift;

	if ((l->folder == 0 && v->bits != 32) || w->cluster == NULL)
		return OK;
	while (l->seen * of_cluster < slots) {
		uint32_t cluster;
		enum err e = fat_chain_seek(v, &v->folder_place, fat_first_cluster(v, l->folder),
					    l->seen, &cluster);

		if (e == OK)
			e = w->cluster(w, cluster);
		if (e != OK)
			return e;
		l->seen++;
	}
	return OK;
}

static enum err push(struct fat_walk *w, uint32_t folder)
{
	if (w->depth == FAT_DEPTH_MAX)
		return ERR_UNSUPPORTED;
	w->level[w->depth++] = (struct fat_level){.folder = folder};
	return OK;
}

static enum err act(struct fat_walk *w, const struct fat_entry *entry)
{
	struct fat_volume *v = w->v;
	enum err e;

	switch (entry->kind) {
	case FAT_ENTRY_END:
		w->depth--;
		return w->end != NULL ? w->end(w, entry) : OK;
	case FAT_ENTRY_ORPHAN:
		return w->orphan != NULL ? w->orphan(w, entry) : OK;
	case FAT_ENTRY_FILE:
		return w->entry(w, entry);
	case FAT_ENTRY_FOLDER:
		if (!fat_has_cluster(v, fat_entry_cluster(v, entry->raw)))
			return fat_damaged(v);
		e = w->entry(w, entry);
		return e == OK ? push(w, fat_entry_cluster(v, entry->raw)) : e;
	default:
		return OK;
	}
}

enum err fat_walk(struct fat_walk *w)
{
	w->depth = 0;
	enum err e = push(w, 0);

	while (e == OK && w->depth > 0) {
		struct fat_level *l = &w->level[w->depth - 1];
		struct fat_entry entry;

		e = fat_walk_step(w);
		if (e != OK)
			break;
		e = fat_dir_next(w->v, l->folder, &l->slot, &entry);
		if (e == ERR_EOF) {
			w->depth--;
			e = OK;
			continue;
		}
		if (e == OK)
			e = see_clusters(w, l, entry.slot + 1);
		if (e == OK)
			e = act(w, &entry);
	}
	return e;
}
