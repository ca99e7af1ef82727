/* SPDX-License-Identifier: ISC */
#include "tests/unit/fat/rig.h"

const struct fat_shape shapes[SHAPES] = {
	{512, 400, 1, 12, 2, 64},   {512, 9000, 2, 16, 2, 512}, {512, 2000, 1, 32, 2, 0},
	{4096, 300, 1, 12, 1, 256}, {1024, 3000, 2, 32, 2, 0},
};

static uint64_t now_s(void *arg)
{
	return ((struct rig *)arg)->now_s;
}

void rig_restart(struct rig *r)
{
	memset(r->memory, 0xa5, sizeof(r->memory));
	fat_init(&r->v, &r->disk.disk, &fat_writing, r->memory, r->slots * r->shape->sector_bytes,
		 now_s, r);
}

void rig_make(struct rig *r, const struct fat_shape *shape, unsigned slots)
{
	r->shape = shape;
	r->slots = slots;
	r->now_s = UINT64_C(1790000000);
	disk_memory_init(&r->disk, shape->sectors, shape->sector_bytes);
	fat_format(r->disk.bytes, shape);
	rig_restart(r);
	assert_int_equal(fat_mount(&r->v), OK);
}

void rig_free(struct rig *r)
{
	disk_memory_fini(&r->disk);
}

enum err put(struct rig *r, const char *key, const void *bytes, size_t len)
{
	return kv_set(&r->v.kv, key, strlen(key), bytes, len);
}

enum err put_text(struct rig *r, const char *key, const char *text)
{
	return put(r, key, text, strlen(text));
}

enum err drop(struct rig *r, const char *key)
{
	return kv_remove(&r->v.kv, key, strlen(key));
}

enum err move(struct rig *r, const char *from, const char *to)
{
	return kv_rename(&r->v.kv, from, strlen(from), to, strlen(to));
}

void fill(uint8_t *bytes, size_t len, uint32_t seed)
{
	uint32_t x = seed * 2654435761u + 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(x >> 24);
	}
}

enum err put_seeded(struct rig *r, const char *key, size_t len, uint32_t seed)
{
	uint8_t *bytes = malloc(len + 1);

	fill(bytes, len, seed);
	enum err e = put(r, key, bytes, len);
	free(bytes);
	return e;
}

void assert_value(struct rig *r, const char *key, const void *bytes, size_t len)
{
	struct kv_info info;
	uint8_t *out = malloc(len + 10);

	assert_int_equal(kv_stat(&r->v.kv.kv, key, strlen(key), &info), OK);
	assert_int_equal(info.bytes, len);
	assert_int_equal(kv_read(&r->v.kv.kv, key, strlen(key), 0, out, len + 10), len);
	assert_memory_equal(out, bytes, len);
	free(out);
}

void assert_text(struct rig *r, const char *key, const char *text)
{
	assert_value(r, key, text, strlen(text));
}

void assert_seeded(struct rig *r, const char *key, size_t len, uint32_t seed)
{
	uint8_t *bytes = malloc(len + 1);

	fill(bytes, len, seed);
	assert_value(r, key, bytes, len);
	free(bytes);
}

void assert_absent(struct rig *r, const char *key)
{
	struct kv_info info;

	assert_int_equal(kv_stat(&r->v.kv.kv, key, strlen(key), &info), ERR_NOTFOUND);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *names_in(struct rig *r, const char *folder)
{
	static char text[65536];
	static char *names[4096];
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	size_t n = 0, len = 0;
	enum err e;

	while ((e = kv_list(&r->v.kv.kv, folder, strlen(folder), &cursor, &entry)) == OK) {
		assert_true(n < ARRAY_SIZE(names));
		strcat(entry.name, entry.info.is_folder ? "/" : "");
		names[n++] = strdup(entry.name);
	}
	assert_int_equal(e, ERR_EOF);
	qsort(names, n, sizeof(names[0]), compare);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		len += (size_t)snprintf(&text[len], sizeof(text) - len, "%s ", names[i]);
		free(names[i]);
	}
	return text;
}

void assert_clean(struct rig *r)
{
	struct fat_stats stats;

	assert_int_equal(fat_mount(&r->v), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	rig_restart(r);
	assert_int_equal(fat_mount(&r->v), OK);
	assert_false(r->v.was_in_use);
	uint32_t n_free = r->v.n_free;
	assert_int_equal(fat_check(&r->v), OK);
	stats = r->v.stats;
	assert_int_equal(stats.damaged, 0);
	assert_int_equal(stats.lost_clusters, 0);
	assert_int_equal(stats.repaired, 0);
	if (n_free != UINT32_MAX)
		assert_int_equal(r->v.n_free, n_free);
	assert_int_equal(fat_unmount(&r->v), OK);
}
