/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

/* Looks up one part of a key in a folder; v->wanted has its name then. */
static enum err find_part(struct fat_volume *v, uint32_t folder, const char *part, size_t len,
			  struct fat_entry *out)
{
	ssize_t n = fat_name_units(part, len, v->wanted);

	return n < 0 ? ERR_NOTFOUND : fat_dir_find(v, folder, (size_t)n, out);
}

static size_t part_len(const char *key, size_t len)
{
	const char *slash = memchr(key, '/', len);

	return slash != NULL ? (size_t)(slash - key) : len;
}

/* Every folder is a step down, and the key has only so many slashes. */
static enum err walk(struct fat_volume *v, const char *key, size_t len, struct fat_entry *out)
{
	uint32_t folder = 0;

	for (;;) {
		size_t n = part_len(key, len);
		enum err e = find_part(v, folder, key, n, out);

		if (e != OK || n == len)
			return e;
		if (out->kind != FAT_ENTRY_FOLDER)
			return ERR_NOTFOUND;
		folder = fat_entry_cluster(v, out->raw);
		if (!fat_has_cluster(v, folder))
			return fat_damaged(v);
		key += n + 1;
		len -= n + 1;
	}
}

enum err fat_path_find(struct fat_volume *v, const char *key, size_t len, struct fat_entry *out)
{
	if (!kv_key_is_valid(key, len))
		return ERR_NOTFOUND;
	if (v->found_len == len && memcmp(v->found_key, key, len) == 0) {
		*out = v->found;
		return OK;
	}
	v->found_len = 0;
	enum err e = walk(v, key, len, out);
	if (e == OK) {
		memcpy(v->found_key, key, len);
		v->found_len = (uint32_t)len;
		v->found = *out;
	}
	return e;
}

enum err fat_path_folder(struct fat_volume *v, const char *key, size_t len, uint32_t *folder)
{
	struct fat_entry entry;

	*folder = 0;
	if (len == 0)
		return OK;
	enum err e = fat_path_find(v, key, len, &entry);
	if (e != OK)
		return e;
	if (entry.kind != FAT_ENTRY_FOLDER)
		return ERR_NOTFOUND;
	*folder = fat_entry_cluster(v, entry.raw);
	return fat_has_cluster(v, *folder) ? OK : fat_damaged(v);
}
