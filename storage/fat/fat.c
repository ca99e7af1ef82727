/* SPDX-License-Identifier: ISC */
/* The calls of a store that only read. */
#include "storage/fat/fat.h"

#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

static struct fat_volume *volume_of(struct kv *kv)
{
	return container_of(kv, struct fat_volume, kv.kv);
}

/* The entry of a key that has a value. */
static enum err find_file(struct fat_volume *v, const char *key, size_t key_len,
			  struct fat_entry *out)
{
	enum err e = fat_mount(v);

	if (e == OK)
		e = fat_path_find(v, key, key_len, out);
	return e == OK && out->kind != FAT_ENTRY_FILE ? ERR_NOTFOUND : e;
}

/* Values that differ have other clusters, sizes or times. This is the finish of SplitMix64. */
static uint64_t version_of(const struct fat_volume *v, const uint8_t *raw)
{
	uint64_t z = (uint64_t)fat_entry_cluster(v, raw) << 32 | load_le32(&raw[ENTRY_SIZE]);

	z ^= (uint64_t)load_le32(&raw[ENTRY_TIME]) * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return z != 0 ? z : 1;
}

static void tell(const struct fat_volume *v, const struct fat_entry *entry, struct kv_info *out)
{
	*out = (struct kv_info){
		.bytes = load_le32(&entry->raw[ENTRY_SIZE]),
		.version = version_of(v, entry->raw),
		/* The date stands behind the time. */
		.modified_s = fat_date_unix(load_le32(&entry->raw[ENTRY_TIME])),
		.is_folder = entry->kind == FAT_ENTRY_FOLDER,
	};
}

static enum err fat_get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	(void)kv, (void)key, (void)key_len, (void)out;
	return ERR_UNSUPPORTED;
}

static enum err fat_stat(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	struct fat_volume *v = volume_of(kv);
	struct fat_entry entry;
	enum err e = find_file(v, key, key_len, &entry);

	if (e == OK)
		tell(v, &entry, out);
	return e;
}

static ssize_t fat_read(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
			size_t len)
{
	struct fat_volume *v = volume_of(kv);
	struct fat_entry entry;
	enum err e = find_file(v, key, key_len, &entry);

	if (e != OK)
		return e;
	uint32_t bytes = load_le32(&entry.raw[ENTRY_SIZE]);
	if (offset >= bytes)
		return 0;
	len = (size_t)MIN((uint64_t)len, bytes - offset);
	e = fat_chain_read(v, fat_entry_cluster(v, entry.raw), (uint32_t)offset, out, len);
	return e == OK ? (ssize_t)len : (ssize_t)e;
}

/* The cursor is the number of the next slot. */
static enum err fat_list(struct kv *kv, const char *folder, size_t folder_len,
			 struct kv_cursor *cursor, struct kv_entry *out)
{
	struct fat_volume *v = volume_of(kv);
	uint32_t cluster = 0, slot = (uint32_t)cursor->place[0];
	struct fat_entry entry;
	enum err e = fat_mount(v);

	if (e == OK)
		e = fat_path_folder(v, folder, folder_len, &cluster);
	while (e == OK) {
		e = fat_dir_next(v, cluster, &slot, &entry);
		if (e != OK)
			break;
		if (entry.kind == FAT_ENTRY_END)
			return ERR_EOF;
		if ((entry.kind == FAT_ENTRY_FILE || entry.kind == FAT_ENTRY_FOLDER) &&
		    fat_dir_name(v, &entry, out->name, sizeof(out->name)) > 0) {
			tell(v, &entry, &out->info);
			cursor->place[0] = slot;
			return OK;
		}
	}
	return e;
}

enum err fat_space(struct fat_volume *v, uint64_t *free_bytes, uint64_t *all_bytes)
{
	enum err e = fat_mount(v);

	if (e == OK && v->n_unlinked > 0)
		e = v->writing->settle(v);
	if (e == OK && v->n_free == UINT32_MAX)
		e = fat_count_free(v);
	if (e != OK)
		return e;
	*free_bytes = (uint64_t)v->n_free * fat_cluster_bytes(v);
	*all_bytes = (uint64_t)v->clusters * fat_cluster_bytes(v);
	return OK;
}

static const struct kv_ops reading = {
	.get = fat_get,
	.stat = fat_stat,
	.read = fat_read,
	.list = fat_list,
	.waits = true,
};

void fat_init(struct fat_volume *v, struct disk *disk, const struct fat_writing *writing,
	      void *memory, size_t memory_bytes, uint64_t (*now_s)(void *arg), void *now_arg)
{
	assert((uintptr_t)memory % 4 == 0);
	*v = (struct fat_volume){
		.kv = {.kv.ops = &reading, .ops = writing != NULL ? &writing->ops : NULL},
		.disk = disk,
		.writing = writing,
		.now_s = now_s,
		.now_arg = now_arg,
		.memory = memory,
		.memory_bytes = memory_bytes,
	};
}
