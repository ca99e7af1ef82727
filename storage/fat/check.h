/* SPDX-License-Identifier: ISC */
/* Looking at everything on a volume: the walk through its folders, without recursion. */
#ifndef STORAGE_FAT_CHECK_H
#define STORAGE_FAT_CHECK_H

#include "storage/fat/volume.h"

enum { FAT_DEPTH_MAX = 128 }; /* of folders: no key leads further down */

struct fat_level {
	uint32_t folder, slot;
	uint32_t seen; /* clusters of the folder */
};

struct fat_walk {
	struct fat_volume *v;
	struct fat_level *level; /* FAT_DEPTH_MAX of them */
	uint32_t depth;
	uint32_t steps_left; /* so that the whole takes a bounded time */
	/* What is done with a file or folder, with each cluster of a folder, and at the end mark;
	 * the latter two may be NULL. */
	enum err (*entry)(struct fat_walk *w, const struct fat_entry *entry);
	enum err (*cluster)(struct fat_walk *w, uint32_t cluster);
	enum err (*end)(struct fat_walk *w, const struct fat_entry *end);
	enum err (*orphan)(struct fat_walk *w, const struct fat_entry *orphan);

	/* Of check.c. */
	uint8_t *map; /* a bit for each of map_n clusters from map_first on */
	size_t map_bytes;
	uint32_t map_first, map_n;
	uint32_t twice; /* a file's first cluster that another had before */
	struct fat_entry found[2];
	unsigned n_found;
};

/* ERR_DAMAGED: it has more entries than can be; ERR_UNSUPPORTED: it is too deep. */
MUST_USE enum err fat_walk(struct fat_walk *w);

/* Takes one of the steps. */
MUST_USE static inline enum err fat_walk_step(struct fat_walk *w)
{
	return w->steps_left-- > 0 ? OK : fat_damaged(w->v);
}

#endif
