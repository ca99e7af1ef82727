/* SPDX-License-Identifier: ISC */
/* The calls of a store that change it. */
#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

static struct fat_volume *volume_of(struct kv_rw *kv)
{
	return container_of(kv, struct fat_volume, kv);
}

/* In front of any change. */
static enum err begin_change(struct fat_volume *v)
{
	enum err e = fat_mount(v);

	if (e != OK)
		return e;
	v->found_len = 0;
	if (v->is_read_only)
		return ERR_READONLY;
	return v->is_in_use ? OK : fat_mark(v, true);
}

/* --- folders ---------------------------------------------------------------------------------- */

/* Bytes of a key up to the slash before its last part; 0: there is none. */
static size_t folder_len(const char *key, size_t len)
{
	while (len > 0 && key[len - 1] != '/')
		len--;
	return len > 0 ? len - 1 : 0;
}

/* Makes v->wanted the last part of a key, and returns its units. */
static ssize_t want_last(struct fat_volume *v, const char *key, size_t len)
{
	size_t above = folder_len(key, len), from = above > 0 ? above + 1 : 0;

	return fat_name_units(&key[from], len - from, v->wanted);
}

/* Deletes the entry of a key. */
static enum err delete_entry(struct fat_volume *v, const struct fat_entry *entry, const char *key,
			     size_t len)
{
	ssize_t n = want_last(v, key, len);

	if (n > 0)
		v->deleted |= fat_name_bit(v->wanted, (size_t)n);
	return fat_dir_delete(v, entry);
}

static void put_times(uint8_t *raw, uint32_t date)
{
	store_le16(&raw[ENTRY_TIME], (uint16_t)date);
	store_le16(&raw[ENTRY_DATE], (uint16_t)(date >> 16));
	store_le16(&raw[ENTRY_ACCESSED_DATE], (uint16_t)(date >> 16));
}

static void put_created(uint8_t *raw, uint32_t date)
{
	store_le16(&raw[ENTRY_CREATED_TIME], (uint16_t)date);
	store_le16(&raw[ENTRY_CREATED_DATE], (uint16_t)(date >> 16));
}

static enum err make_folder(struct fat_volume *v, uint32_t parent, size_t n, uint32_t *folder)
{
	uint8_t raw[ENTRY_BYTES] = {0};
	uint32_t date = fat_date_now(v, 0);
	enum err e = fat_dir_make(v, parent, folder);

	if (e != OK)
		return e;
	raw[ENTRY_ATTRIBUTES] = ATTRIBUTE_FOLDER;
	put_times(raw, date);
	put_created(raw, date);
	fat_entry_set_cluster(raw, *folder);
	e = fat_dir_add(v, parent, n, raw);
	if (e != OK)
		(void)!fat_chain_free(v, *folder);
	return e;
}

/* The folder of `key`, made if need be. */
static enum err need_folder(struct fat_volume *v, const char *key, size_t len, uint32_t *folder)
{
	size_t above = folder_len(key, len), from = 0;

	*folder = 0;
	while (from < above) {
		const char *slash = memchr(&key[from], '/', len - from);
		size_t part = (size_t)(slash - &key[from]);
		ssize_t n = fat_name_units(&key[from], part, v->wanted);
		struct fat_entry entry;

		if (n < 0)
			return ERR_INVALID;
		enum err e = fat_dir_find(v, *folder, (size_t)n, &entry);
		if (e == ERR_NOTFOUND) {
			e = make_folder(v, *folder, (size_t)n, folder);
		} else if (e == OK && entry.kind != FAT_ENTRY_FOLDER) {
			e = ERR_INVALID; /* a value is where a folder would have to be */
		} else if (e == OK) {
			*folder = fat_entry_cluster(v, entry.raw);
			if (!fat_has_cluster(v, *folder))
				e = fat_damaged(v);
		}
		if (e != OK)
			return e;
		from += part + 1;
	}
	return OK;
}

/* Removes the folders of a key that nothing is in any more. What cannot be removed stays. */
static enum err prune(struct fat_volume *v, const char *key, size_t len)
{
	while ((len = folder_len(key, len)) > 0) {
		struct fat_entry entry;
		enum err e = fat_path_find(v, key, len, &entry);

		v->found_len = 0;
		if (e != OK || entry.kind != FAT_ENTRY_FOLDER)
			return e == ERR_NOTFOUND ? OK : e;
		uint32_t folder = fat_entry_cluster(v, entry.raw);
		e = fat_dir_is_empty(v, folder);
		if (e != OK)
			return e == ERR_EXISTS ? OK : e;
		e = delete_entry(v, &entry, key, len);
		if (e == OK)
			e = fat_chain_unlink(v, folder);
		if (e != OK)
			return e;
		/* What was last changed there need not be written. */
		fat_cache_forget(v, fat_sector_of(v, folder), UINT32_C(1) << v->cluster_shift);
	}
	return OK;
}

/* --- values ----------------------------------------------------------------------------------- */

/*
 * The next mark of a moved entry (check.c): later than that of the entry that it replaces for the
 * time of two writes.
 */
static uint8_t next_mark(uint8_t mark)
{
	return mark >= MARK_FIRST && mark < MARK_LAST ? (uint8_t)(mark + 1) : MARK_FIRST;
}

/* A value for an entry: a chain, with its time, and the mark if it was moved. */
struct content {
	uint32_t cluster, bytes;
	uint32_t date; /* 0: now */
	uint8_t mark;
};

static void put_content(struct fat_volume *v, uint8_t *raw, const struct content *c)
{
	put_times(raw, c->date != 0 ? c->date : fat_date_now(v, load_le32(&raw[ENTRY_TIME])));
	fat_entry_set_cluster(raw, c->cluster);
	store_le32(&raw[ENTRY_SIZE], c->bytes);
	raw[ENTRY_MARK] = c->mark;
	raw[ENTRY_ATTRIBUTES] |= ATTRIBUTE_ARCHIVE;
}

/* Another value for an entry: one sector, so that it is one or the other. */
static enum err replace(struct fat_volume *v, struct fat_entry *entry, const struct content *c)
{
	uint32_t old = fat_entry_cluster(v, entry->raw);

	if (entry->kind != FAT_ENTRY_FILE)
		return ERR_INVALID;
	if ((entry->raw[ENTRY_ATTRIBUTES] & ATTRIBUTE_READ_ONLY) != 0)
		return ERR_READONLY;
	put_content(v, entry->raw, c);
	enum err e = fat_dir_update(v, entry);
	return e == OK ? fat_chain_unlink(v, old) : e;
}

static enum err put_new(struct fat_volume *v, const char *key, size_t len, const struct content *c)
{
	uint8_t raw[ENTRY_BYTES] = {0};
	uint32_t folder;
	enum err e = need_folder(v, key, len, &folder);

	if (e == OK) {
		ssize_t n = want_last(v, key, len);

		put_content(v, raw, c);
		put_created(raw, load_le32(&raw[ENTRY_TIME]));
		e = n < 0 ? ERR_INVALID : fat_dir_add(v, folder, (size_t)n, raw);
	}
	if (e != OK)
		(void)!prune(v, key, len);
	return e;
}

/* Gives a key a value that is on the disk already. */
static enum err put(struct fat_volume *v, const char *key, size_t len, const struct content *c)
{
	struct fat_entry entry;
	enum err e = fat_path_find(v, key, len, &entry);

	v->found_len = 0;
	if (e == OK)
		return replace(v, &entry, c);
	return e == ERR_NOTFOUND ? put_new(v, key, len, c) : e;
}

/* Whether all parts of a key can be names. */
static bool is_name(struct fat_volume *v, const char *key, size_t len)
{
	if (!kv_key_is_valid(key, len))
		return false;
	for (; len > 0; len = folder_len(key, len)) {
		if (want_last(v, key, len) < 0)
			return false;
	}
	return true;
}

static enum err put_tail(struct fat_volume *v, const char *key, size_t len,
			 const struct fat_tail *tail)
{
	const struct content c = {.cluster = tail->first, .bytes = tail->bytes};
	enum err e = put(v, key, len, &c);

	if (e != OK)
		(void)!fat_chain_free(v, tail->first);
	return e;
}

static enum err fat_set(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes,
			size_t len)
{
	struct fat_volume *v = volume_of(kv);
	struct fat_tail tail = {0};
	enum err e = is_name(v, key, key_len) ? begin_change(v) : ERR_INVALID;

	if (e != OK)
		return e;
	e = fat_tail_append(v, &tail, bytes, len);
	if (e == OK)
		return put_tail(v, key, key_len, &tail);
	(void)!fat_chain_free(v, tail.first);
	return e;
}

static enum err fat_remove(struct kv_rw *kv, const char *key, size_t key_len)
{
	struct fat_volume *v = volume_of(kv);
	struct fat_entry entry;
	enum err e = fat_mount(v);

	if (e == OK)
		e = fat_path_find(v, key, key_len, &entry);
	if (e == OK && entry.kind != FAT_ENTRY_FILE)
		e = ERR_NOTFOUND;
	if (e == OK)
		e = (entry.raw[ENTRY_ATTRIBUTES] & ATTRIBUTE_READ_ONLY) != 0 ? ERR_READONLY
									     : begin_change(v);
	if (e == OK)
		e = delete_entry(v, &entry, key, key_len);
	if (e == OK)
		e = fat_chain_unlink(v, fat_entry_cluster(v, entry.raw));
	return e == OK ? prune(v, key, key_len) : e;
}

/*
 * Two entries have the value until the old one is gone; the mark says which is the later one. Those
 * of renames before this one must be gone for good by then, so that there are never three.
 */
static enum err move(struct fat_volume *v, const struct fat_entry *entry, const char *from,
		     size_t from_len, const char *to, size_t to_len)
{
	const struct content c = {
		.cluster = fat_entry_cluster(v, entry->raw),
		.bytes = load_le32(&entry->raw[ENTRY_SIZE]),
		.date = load_le32(&entry->raw[ENTRY_TIME]),
		.mark = next_mark(entry->raw[ENTRY_MARK]),
	};
	enum err e = v->deleted != 0 ? fat_commit(v) : OK;

	if (e == OK)
		e = put(v, to, to_len, &c);
	if (e == OK)
		e = fat_commit(v);
	return e == OK ? delete_entry(v, entry, from, from_len) : e;
}

/* "A.txt" to "a.txt": the same name for FAT, and another for people. */
static enum err change_case(struct fat_volume *v, const struct fat_entry *from, const char *key,
			    size_t key_len)
{
	ssize_t n = want_last(v, key, key_len);
	uint8_t raw[ENTRY_BYTES];

	memcpy(raw, from->raw, sizeof(raw));
	raw[ENTRY_CASE] = 0;
	raw[ENTRY_MARK] = next_mark(raw[ENTRY_MARK]);
	enum err e = v->deleted != 0 ? fat_commit(v) : OK;
	if (e == OK)
		e = fat_dir_add(v, from->folder, (size_t)n, raw);
	if (e == OK)
		e = fat_commit(v);
	return e == OK ? delete_entry(v, from, key, key_len) : e;
}

static enum err fat_rename(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
			   size_t to_len)
{
	struct fat_volume *v = volume_of(kv);
	struct fat_entry entry, other;
	enum err e = is_name(v, to, to_len) ? fat_mount(v) : ERR_INVALID;

	if (e == OK)
		e = fat_path_find(v, from, from_len, &entry);
	if (e == OK && entry.kind != FAT_ENTRY_FILE)
		e = ERR_NOTFOUND;
	if (e == OK)
		e = begin_change(v);
	if (e != OK || (from_len == to_len && memcmp(from, to, to_len) == 0))
		return e;
	if ((entry.raw[ENTRY_ATTRIBUTES] & ATTRIBUTE_READ_ONLY) != 0)
		return ERR_READONLY;
	e = fat_path_find(v, to, to_len, &other);
	v->found_len = 0;
	if (e == OK && other.folder == entry.folder && other.slot == entry.slot)
		return change_case(v, &entry, to, to_len);
	if (e == OK || e == ERR_NOTFOUND)
		e = move(v, &entry, from, from_len, to, to_len);
	return e == OK ? prune(v, from, from_len) : e;
}

static enum err fat_batch(struct kv_rw *kv, const struct kv_change *changes, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct kv_change *c = &changes[i];
		enum err e = c->bytes != NULL ? fat_set(kv, c->key, c->key_len, c->bytes, c->len)
					      : fat_remove(kv, c->key, c->key_len);

		if (e != OK && !(c->bytes == NULL && e == ERR_NOTFOUND))
			return e;
	}
	return OK;
}

/* What was freed is written, too, so that nothing is lost if nothing else happens. */
static enum err fat_sync(struct kv_rw *kv)
{
	struct fat_volume *v = volume_of(kv);

	if (v->has_lost) {
		v->has_lost = false;
		return ERR_NODEV;
	}
	if (!v->is_mounted)
		return fat_mount(v);
	enum err e = fat_settle(v);
	return e == OK ? fat_write_early(v) : e;
}

/* --- values piece by piece -------------------------------------------------------------------- */

static enum err fat_open(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len)
{
	struct fat_volume *v = volume_of(kv);
	enum err e = is_name(v, key, key_len) ? begin_change(v) : ERR_INVALID;

	for (unsigned i = 0; e == OK && i < FAT_WRITERS; i++) {
		struct fat_writer *fw = &v->writer[i];

		if (fw->serial != 0)
			continue;
		v->serial += v->serial == UINT32_MAX ? 2 : 1;
		*fw = (struct fat_writer){.serial = v->serial, .key_len = (uint32_t)key_len};
		memcpy(fw->key, key, key_len);
		*w = (struct kv_writer){.kv = kv, .place = {i, v->serial}};
		return OK;
	}
	return e == OK ? ERR_NOMEM : e;
}

/* NULL: the medium has been another in between, or none. */
static struct fat_writer *writer_of(struct kv_writer *w)
{
	struct fat_writer *fw = &volume_of(w->kv)->writer[w->place[0] % FAT_WRITERS];

	return fw->serial != 0 && fw->serial == w->place[1] ? fw : NULL;
}

static enum err fat_append(struct kv_writer *w, const void *bytes, size_t len)
{
	struct fat_volume *v = volume_of(w->kv);
	struct fat_writer *fw = writer_of(w);

	if (fw == NULL || !v->is_mounted)
		return ERR_CLOSED;
	if (fw->failed == OK)
		fw->failed = v->is_read_only ? ERR_READONLY
					     : fat_tail_append(v, &fw->tail, bytes, len);
	return fw->failed;
}

static enum err fat_close(struct kv_writer *w, bool keep)
{
	struct fat_volume *v = volume_of(w->kv);
	struct fat_writer *fw = writer_of(w);

	if (fw == NULL || !v->is_mounted)
		return keep ? ERR_CLOSED : OK;
	fw->serial = 0;
	if (keep && fw->failed == OK) {
		enum err e = begin_change(v);

		if (e == OK)
			return put_tail(v, fw->key, fw->key_len, &fw->tail);
		fw->failed = e;
	}
	enum err e = fat_chain_free(v, fw->tail.first);
	return keep ? fw->failed : e;
}

const struct fat_writing fat_writing = {
	.ops =
		{
			.set = fat_set,
			.remove = fat_remove,
			.rename = fat_rename,
			.batch = fat_batch,
			.sync = fat_sync,
			.open = fat_open,
			.append = fat_append,
			.close = fat_close,
			.batches_are_atomic = false,
		},
	.commit = fat_commit,
	.check = fat_check_all,
	.settle = fat_settle,
};

enum err fat_unmount(struct fat_volume *v)
{
	enum err e = OK;

	if (!v->is_mounted)
		return OK;
	if (v->is_in_use) {
		for (unsigned i = 0; i < FAT_WRITERS && e == OK; i++) {
			if (v->writer[i].serial != 0)
				e = fat_chain_free(v, v->writer[i].tail.first);
			v->writer[i].serial = 0;
		}
		if (e == OK)
			e = fat_sync(&v->kv);
		if (e == OK && v->n_free == UINT32_MAX && v->bits == 32)
			e = fat_count_free(v);
		if (e == OK)
			e = fat_disk_flush(v);
		if (e == OK && !v->is_read_only)
			e = fat_mark(v, false);
	}
	v->is_mounted = false;
	return e;
}

enum err fat_check(struct fat_volume *v)
{
	enum err e = begin_change(v);

	return e == OK ? v->writing->check(v) : e;
}
