/* SPDX-License-Identifier: ISC */
/*
 * A volume whose content is the input: a byte that chooses its shape, one that says what is done
 * with it and how much memory there is, then pieces that are written over what a fresh volume with
 * a few files has: two bytes of a sector's number, two of a place in it, a length and so many
 * bytes; with a length of 0 the next four bytes are an entry of the table, for the cluster that the
 * place is. Then it is listed, read, changed and checked. Nothing may take more than a bounded
 * number of reads, and a check that finds nothing wrong finds nothing the second time.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/bytes.h"
#include "storage/fat/fat.h"
#include "tests/fakes/disk_memory.h"
#include "tests/fakes/fat_format.h"

enum { READS_MAX = 400000, DEPTH = 6, PATHS_MAX = 60, CHANGES = 1, CHECKS = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fat_shape shapes[] = {
	{512, 64, 1, 12, 2, 16},   {512, 4300, 1, 16, 1, 16}, {512, 100, 1, 32, 2, 0},
	{1024, 120, 2, 12, 2, 32}, {4096, 80, 1, 32, 1, 0},
};

static struct disk_memory disk;
static struct fat_volume volume;
static ALIGNED(8) uint8_t memory[16 * FAT_SECTOR_BYTES_MAX];

static uint64_t now_s(void *arg)
{
	(void)arg;
	return 1790000000;
}

static void mount(unsigned slots)
{
	fat_init(&volume, &disk.disk, &fat_writing, memory, slots * disk.disk.sector_bytes, now_s,
		 NULL);
}

/* What the mutations have something to damage in. */
static void make_files(void)
{
	static const char *const keys[] = {"a", "f/b", "f/g/a longer name, of three", "LONG name"};
	uint8_t bytes[3000] = {1};

	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++)
		(void)!kv_set(&volume.kv, keys[i], strlen(keys[i]), bytes, 700 * (i + 1));
	(void)!fat_unmount(&volume);
}

static void set_entry(uint32_t cluster, uint32_t value)
{
	uint32_t bytes = volume.bits == 12 ? 2 : volume.bits / 8;
	uint64_t at = (uint64_t)volume.table_at * volume.sector_bytes +
		      (volume.bits == 12 ? cluster + cluster / 2 : cluster * bytes);

	if (at + 4 <= disk.disk.sectors * disk.disk.sector_bytes)
		memcpy(&disk.bytes[at], &value, bytes);
}

static void write_pieces(const uint8_t *data, size_t size)
{
	while (size > 5) {
		uint64_t sector = load_le16(data) % disk.disk.sectors;
		uint32_t at = load_le16(&data[2]) % disk.disk.sector_bytes;
		size_t n = data[4];

		data += 5;
		size -= 5;
		if (n == 0) {
			if (size >= 4)
				set_entry(at, load_le32(data));
			n = 4;
		} else {
			n = MIN(MIN(n, size), (size_t)(disk.disk.sector_bytes - at));
			memcpy(&disk.bytes[sector * disk.disk.sector_bytes + at], data, n);
		}
		n = MIN(n, size);
		data += n;
		size -= n;
	}
}

/* --- what is done with it --------------------------------------------------------------------- */

struct paths {
	char text[PATHS_MAX][KV_KEY_BYTES_MAX + 1];
	unsigned n;
};

static struct paths paths;

static void look_at(const char *key)
{
	static uint8_t out[5000];
	struct kv_info info;

	if (kv_stat(&volume.kv.kv, key, strlen(key), &info) != OK)
		return;
	for (uint64_t at = 0; at < 3; at++) {
		ssize_t n = kv_read(&volume.kv.kv, key, strlen(key),
				    at == 0 ? 0 : info.bytes / (at + 1), out, sizeof(out));

		assert(n <= (ssize_t)sizeof(out));
	}
}

/* All that can be reached by keys, as far as there is room, level by level. */
static void look(void)
{
	paths.n = 1;
	paths.text[0][0] = '\0';
	for (unsigned i = 0; i < paths.n; i++) {
		struct kv_cursor cursor = {0};
		struct kv_entry entry;
		char folder[KV_KEY_BYTES_MAX + 1];
		unsigned n = 0;

		strcpy(folder, paths.text[i]);
		while (n++ < 500 &&
		       kv_list(&volume.kv.kv, folder, strlen(folder), &cursor, &entry) == OK) {
			char key[2 * KV_KEY_BYTES_MAX + 2];

			assert(strlen(entry.name) > 0 && strchr(entry.name, '/') == NULL);
			snprintf(key, sizeof(key), "%s%s%s", folder, folder[0] != '\0' ? "/" : "",
				 entry.name);
			if (strlen(key) > KV_KEY_BYTES_MAX)
				continue;
			if (paths.n < PATHS_MAX)
				strcpy(paths.text[paths.n++], key);
			else
				break;
		}
	}
	for (unsigned i = 1; i < paths.n; i++)
		look_at(paths.text[i]);
}

static void change(void)
{
	uint8_t bytes[2000] = {2};
	struct kv_writer w;

	for (unsigned i = 1; i < paths.n && i < 12; i++) {
		const char *key = paths.text[i];
		size_t len = strlen(key);

		if (i % 3 == 0)
			(void)!kv_remove(&volume.kv, key, len);
		else if (i % 3 == 1)
			(void)!kv_set(&volume.kv, key, len, bytes, 100 * i);
		else
			(void)!kv_rename(&volume.kv, key, len, "new/renamed file", 16);
	}
	if (kv_open(&volume.kv, &w, "f/streamed", 10) == OK) {
		(void)!kv_append(&w, bytes, sizeof(bytes));
		(void)!kv_append(&w, bytes, 77);
		(void)!kv_close(&w, true);
	}
	(void)!kv_sync(&volume.kv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t n_free, all;

	if (size < 2)
		return 0;
	const struct fat_shape *shape = &shapes[data[0] % ARRAY_SIZE(shapes)];
	unsigned slots = FAT_SLOTS_MIN + (data[1] >> 4) % 8;
	disk_memory_init(&disk, shape->sectors, shape->sector_bytes);
	fat_format(disk.bytes, shape);
	mount(slots);
	make_files();
	write_pieces(data + 2, size - 2);
	mount(slots);
	look();
	(void)!fat_space(&volume, &n_free, &all);
	if ((data[1] & CHANGES) != 0)
		change();
	if ((data[1] & CHECKS) != 0 && fat_check(&volume) == OK) {
		uint32_t repaired = volume.stats.repaired, lost = volume.stats.lost_clusters;

		assert(fat_check(&volume) == OK);
		assert(volume.stats.repaired == repaired && volume.stats.lost_clusters == lost);
		look();
		assert(volume.stats.damaged == 0);
	}
	(void)!fat_unmount(&volume);
	assert(disk.calls[DISK_MEMORY_READ] < READS_MAX);
	disk_memory_fini(&disk);
	return 0;
}
