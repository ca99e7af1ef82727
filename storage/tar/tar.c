/* SPDX-License-Identifier: ISC */
#include "storage/tar/tar.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#define LOG_MODULE "tar"
#include "base/log.h"
#include "storage/tar/tar_internal.h"

/* --- bytes of the archive -------------------------------------------------------------------- */

static enum err count(struct tar *t, enum err e)
{
	t->stats.io_errors += e != OK;
	return e;
}

/* Up to the end of the sector that `at` lies in, by way of the sector that is kept. */
static enum err fetch_part(struct tar *t, uint64_t at, uint8_t *out, size_t *len)
{
	const uint32_t size = t->disk->sector_bytes;
	const uint64_t sector = at / size;
	const uint32_t from = (uint32_t)(at % size);

	if (t->sector != sector) {
		t->sector = UINT64_MAX;
		enum err e = count(t, disk_read(t->disk, sector, 1, t->room.sector));
		if (e != OK)
			return e;
		t->sector = sector;
	}
	*len = MIN(*len, size - from);
	memcpy(out, t->room.sector + from, *len);
	return OK;
}

/* Whole sectors straight to where they belong. */
static enum err fetch_whole(struct tar *t, uint64_t at, uint8_t *out, size_t *len)
{
	const uint32_t size = t->disk->sector_bytes;
	const uint32_t n = (uint32_t)MIN(*len / size, (size_t)UINT32_MAX / size);

	*len = (size_t)n * size;
	return count(t, disk_read(t->disk, at / size, n, out));
}

enum err tar_fetch(struct tar *t, uint64_t at, void *out, size_t len)
{
	uint8_t *to = out;
	enum err e = OK;

	assert(at <= t->size_bytes && len <= t->size_bytes - at);
	if (t->bytes != NULL) {
		memcpy(out, t->bytes + at, len);
		return OK;
	}
	while (len > 0 && e == OK) {
		size_t n = len;
		if (at % t->disk->sector_bytes == 0 && len >= t->disk->sector_bytes)
			e = fetch_whole(t, at, to, &n);
		else
			e = fetch_part(t, at, to, &n);
		at += n;
		to += n;
		len -= n;
	}
	return e;
}

/* --- the index ------------------------------------------------------------------------------- */

static int compare(const struct tar *t, const struct tar_file *f, const char *key, size_t key_len)
{
	int order = memcmp(key, t->room.names + f->name_at, MIN(key_len, f->name_len));

	if (order != 0 || key_len == f->name_len)
		return order;
	return key_len < f->name_len ? -1 : 1;
}

bool tar_search(const struct tar *t, const char *key, size_t key_len, unsigned *at)
{
	unsigned first = 0, end = t->n;

	while (first < end) {
		unsigned middle = first + (end - first) / 2;
		int order = compare(t, &t->room.files[middle], key, key_len);
		if (order == 0) {
			*at = middle;
			return true;
		}
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	*at = first;
	return false;
}

static struct tar *of(struct kv *kv)
{
	return container_of(kv, struct tar, kv);
}

static enum err find(struct tar *t, const char *key, size_t key_len, const struct tar_file **out)
{
	unsigned at;

	if (t->state != OK)
		return t->state;
	if (!tar_search(t, key, key_len, &at))
		return ERR_NOTFOUND;
	*out = &t->room.files[at];
	return OK;
}

/*
 * An archive has no hash of a file's bytes, and to make one they would all have to be read: name,
 * place, length and time stand for them (FNV-1a).
 */
static uint64_t version_of(const struct tar *t, const struct tar_file *f)
{
	const uint64_t prime = 0x100000001b3, words[] = {f->at, f->bytes, f->modified_s};
	uint64_t hash = 0xcbf29ce484222325;

	for (uint32_t i = 0; i < f->name_len; i++)
		hash = (hash ^ (uint8_t)t->room.names[f->name_at + i]) * prime;
	for (unsigned i = 0; i < 8 * ARRAY_SIZE(words); i++)
		hash = (hash ^ (words[i / 8] >> (i % 8 * 8) & 0xff)) * prime;
	return hash != 0 ? hash : 1;
}

/* --- the store ------------------------------------------------------------------------------- */

static enum err tar_stat(struct kv *kv, const char *key, size_t key_len, struct kv_info *out)
{
	const struct tar_file *f = NULL;
	enum err e = find(of(kv), key, key_len, &f);

	if (e == OK)
		*out = (struct kv_info){
			.bytes = f->bytes,
			.version = version_of(of(kv), f),
			.modified_s = f->modified_s,
		};
	return e;
}

static ssize_t tar_read(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
			size_t len)
{
	const struct tar_file *f = NULL;
	enum err e = find(of(kv), key, key_len, &f);

	if (e != OK)
		return e;
	if (offset >= f->bytes)
		return 0;
	len = (size_t)MIN(MIN((uint64_t)len, f->bytes - offset), (uint64_t)SIZE_MAX / 2);
	e = tar_fetch(of(kv), f->at + offset, out, len);
	return e == OK ? (ssize_t)len : e;
}

static enum err tar_nth(struct kv *kv, uint64_t n, struct kv_name *out)
{
	const struct tar *t = of(kv);

	if (t->state != OK)
		return t->state;
	if (n >= t->n)
		return ERR_EOF;
	const struct tar_file *f = &t->room.files[n];
	*out = (struct kv_name){t->room.names + f->name_at, f->name_len};
	return OK;
}

static enum err tar_get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	const struct tar *t = of(kv);
	const struct tar_file *f = NULL;
	enum err e = find(of(kv), key, key_len, &f);

	if (e == OK)
		*out = (struct kv_value){
			.bytes = SLICE_STATIC(t->bytes + f->at, (size_t)f->bytes),
			.version = version_of(t, f),
		};
	return e;
}

static enum err tar_does_not_lend(struct kv *kv, const char *key, size_t key_len,
				  struct kv_value *out)
{
	(void)kv;
	(void)key;
	(void)key_len;
	(void)out;
	return ERR_UNSUPPORTED;
}

/* --- mount ----------------------------------------------------------------------------------- */

static enum err mount(struct tar *t)
{
	enum err e = tar_index(t);

	t->stats.damaged += e == ERR_DAMAGED;
	t->n = e == OK ? t->n : 0;
	t->state = e;
	return e;
}

static enum err tell(const struct tar *t, enum err e)
{
	if (e == ERR_NOMEM)
		log_warn("the archive on %s has more files, or longer names, than tar_files() has "
			 "memory for",
			 t->disk->name);
	else if (e != OK)
		log_warn("no archive on %s: %s", t->disk->name, err_str(e));
	else if (t->stats.left_out > 0)
		log_warn("%s: %u files, %u members left out", t->disk->name, t->n,
			 (unsigned)t->stats.left_out);
	return e;
}

enum err tar_mount(struct tar *t, struct disk *disk, const struct tar_room *room)
{
	static const struct kv_ops ops = {
		.get = tar_does_not_lend,
		.stat = tar_stat,
		.read = tar_read,
		.list = kv_table_list,
		.nth = tar_nth,
		.waits = true,
	};

	*t = (struct tar){.kv = {&ops}, .disk = disk, .room = *room, .sector = UINT64_MAX};
	if (disk->sectors == 0)
		return tell(t, t->state = ERR_NODEV);
	if (disk->sector_bytes % TAR_BLOCK_BYTES != 0 || disk->sector_bytes > TAR_SECTOR_BYTES_MAX)
		return tell(t, t->state = ERR_UNSUPPORTED);
	t->size_bytes = MIN(disk->sectors, UINT64_MAX / 2 / disk->sector_bytes) *
			disk->sector_bytes;
	return tell(t, mount(t));
}

enum err tar_mount_memory(struct tar *t, const void *bytes, size_t len, const struct tar_room *room)
{
	static const struct kv_ops ops = {
		.get = tar_get,
		.stat = tar_stat,
		.nth = tar_nth,
		.constant = true,
	};

	*t = (struct tar){.kv = {&ops}, .bytes = bytes, .size_bytes = len, .room = *room};
	return mount(t);
}
