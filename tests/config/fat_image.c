/* SPDX-License-Identifier: ISC */
/*
 * storage/fat over a file, for test_fat.py: fat_image IMAGE SECTOR_BYTES COMMANDS…
 *
 *      put KEY FILE   get KEY FILE   remove KEY   rename FROM TO   list FOLDER   stat KEY
 *      write KEY FILE (piece by piece)   check   space   sync
 *
 * Ends with status 0 after it has unmounted, 1 after an error, which it says. With KILL in the
 * environment it ends without unmounting, as when the power goes after a sync.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/attr.h"
#include "storage/fat/fat.h"
#include "tests/fakes/disk_file.h"

enum { SLOTS = 16, PIECE = 1000 };

static struct fat_volume volume;

static uint64_t now_s(void *arg)
{
	(void)arg;
	return (uint64_t)time(NULL);
}

static uint8_t *load(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(*len + 1);
	if (bytes == NULL || fread(bytes, 1, *len, f) != *len)
		exit(1);
	fclose(f);
	return bytes;
}

static enum err put(const char *key, const char *path)
{
	size_t len;
	uint8_t *bytes = load(path, &len);
	enum err e = kv_set(&volume.kv, key, strlen(key), bytes, len);

	free(bytes);
	return e;
}

static enum err write_pieces(const char *key, const char *path)
{
	size_t len, n;
	uint8_t *bytes = load(path, &len);
	struct kv_writer w;
	enum err e = kv_open(&volume.kv, &w, key, strlen(key));

	for (size_t at = 0; at < len && e == OK; at += n) {
		n = MIN(len - at, (size_t)PIECE);
		e = kv_append(&w, &bytes[at], n);
	}
	free(bytes);
	return e == OK ? kv_close(&w, true) : e;
}

static enum err get(const char *key, const char *path)
{
	struct kv_info info;
	enum err e = kv_stat(&volume.kv.kv, key, strlen(key), &info);

	if (e != OK)
		return e;
	uint8_t *bytes = malloc(info.bytes + 1);
	ssize_t n = kv_read(&volume.kv.kv, key, strlen(key), 0, bytes, info.bytes + 1);
	FILE *f = fopen(path, "wb");
	if (n < 0 || f == NULL || fwrite(bytes, 1, (size_t)n, f) != (size_t)n)
		return n < 0 ? (enum err)n : ERR_IO;
	fclose(f);
	free(bytes);
	return OK;
}

static enum err list(const char *folder)
{
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	enum err e;

	while ((e = kv_list(&volume.kv.kv, folder, strlen(folder), &cursor, &entry)) == OK)
		printf("%s%s %u\n", entry.name, entry.info.is_folder ? "/" : "",
		       (unsigned)entry.info.bytes);
	return e == ERR_EOF ? OK : e;
}

static enum err tell(const char *key)
{
	struct kv_info info;
	enum err e = kv_stat(&volume.kv.kv, key, strlen(key), &info);

	if (e == OK)
		printf("%u %llu\n", (unsigned)info.bytes, (unsigned long long)info.modified_s);
	return e;
}

static enum err space(void)
{
	uint64_t n_free, all;
	enum err e = fat_space(&volume, &n_free, &all);

	if (e == OK)
		printf("%llu %llu\n", (unsigned long long)n_free, (unsigned long long)all);
	return e;
}

/* Runs the command at `words` and returns how many of them it is. */
static int run(char **words, enum err *e)
{
	const char *what = words[0], *a = words[1] != NULL ? words[1] : "";
	const char *b = words[1] != NULL && words[2] != NULL ? words[2] : "";

	if (strcmp(what, "put") == 0)
		return *e = put(a, b), 3;
	if (strcmp(what, "write") == 0)
		return *e = write_pieces(a, b), 3;
	if (strcmp(what, "get") == 0)
		return *e = get(a, b), 3;
	if (strcmp(what, "rename") == 0)
		return *e = kv_rename(&volume.kv, a, strlen(a), b, strlen(b)), 3;
	if (strcmp(what, "remove") == 0)
		return *e = kv_remove(&volume.kv, a, strlen(a)), 2;
	if (strcmp(what, "list") == 0)
		return *e = list(a), 2;
	if (strcmp(what, "stat") == 0)
		return *e = tell(a), 2;
	if (strcmp(what, "check") == 0)
		return *e = fat_check(&volume), 1;
	if (strcmp(what, "space") == 0)
		return *e = space(), 1;
	if (strcmp(what, "sync") == 0)
		return *e = kv_sync(&volume.kv), 1;
	fprintf(stderr, "fat_image: there is no command %s\n", what);
	exit(64);
}

int main(int argc, char **argv)
{
	static uint8_t memory[SLOTS * FAT_SECTOR_BYTES_MAX] ALIGNED(8);
	struct disk_file disk;
	enum err e = OK;

	if (argc < 3 || !disk_file_open(&disk, argv[1], (uint32_t)strtoul(argv[2], NULL, 10))) {
		fprintf(stderr, "usage: fat_image IMAGE SECTOR_BYTES COMMANDS...\n");
		return 64;
	}
	fat_init(&volume, &disk.disk, &fat_writing, memory, sizeof(memory), now_s, NULL);
	for (char **at = &argv[3]; *at != NULL && e == OK;) {
		char **words = at;

		for (int n = run(words, &e); n > 0 && *at != NULL; n--)
			at++;
		if (e != OK)
			fprintf(stderr, "fat_image: %s: %s\n", words[0], err_str(e));
	}
	if (getenv("KILL") == NULL && e == OK) {
		e = fat_unmount(&volume);
		if (e != OK)
			fprintf(stderr, "fat_image: unmount: %s\n", err_str(e));
	}
	disk_file_close(&disk);
	return e == OK ? 0 : 1;
}
