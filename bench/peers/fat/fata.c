/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/fat/work.h"
#include "storage/fat/fat.h"

static ALIGNED(64) uint8_t memory[CACHE_BYTES];
static struct fat_volume volume;
static struct kv_writer writer;
static char name[40];
static bool writes;

static void must(ssize_t e)
{
	if (e >= 0)
		return;
	fprintf(stderr, "storage/fat: %s\n", err_str((enum err)e));
	exit(1);
}

static uint64_t now_s(void *arg)
{
	(void)arg;
	return 1790000000;
}

void fs_mount(struct disk *disk)
{
	fat_init(&volume, disk, &fat_writing, memory, sizeof(memory), now_s, NULL);
	must(fat_mount(&volume));
}

void fs_make_folder(const char *path)
{
	(void)path;
}

void fs_put(const char *path, const void *bytes, size_t len)
{
	must(kv_set(&volume.kv, path, strlen(path), bytes, len));
}

void fs_remove(const char *path)
{
	must(kv_remove(&volume.kv, path, strlen(path)));
}

void fs_sync(void)
{
	must(kv_sync(&volume.kv));
}

void fs_open(const char *path, bool write)
{
	writes = write;
	snprintf(name, sizeof(name), "%s", path);
	if (write)
		must(kv_open(&volume.kv, &writer, path, strlen(path)));
}

void fs_write(const void *bytes, size_t len)
{
	must(kv_append(&writer, bytes, len));
}

void fs_read(void *out, size_t len, size_t offset)
{
	must(kv_read(&volume.kv.kv, name, strlen(name), offset, out, len));
}

void fs_close(void)
{
	if (writes)
		must(kv_close(&writer, true));
}

void fs_unmount(void)
{
	must(fat_unmount(&volume));
}
