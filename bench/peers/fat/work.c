/* SPDX-License-Identifier: ISC */
/*
 * The load: work [each]. Prints a line a phase: its name, calls that read, calls that write,
 * sectors written, flushes, microseconds. With "each" everything is synced after each file.
 */
#include "bench/peers/fat/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/fakes/fat_format.h"

enum {
	FILES = 1000,
	FOLDERS = 10,
	FILE_BYTES = 4096,
	BIG_BYTES = 8 << 20,
	PIECE_BYTES = 32768,
};

static struct disk_memory disk;
static uint8_t bytes[PIECE_BYTES], out[PIECE_BYTES];
static bool each;

void assert_failed(const char *expression, const char *file, unsigned line)
{
	fprintf(stderr, "%s:%u: assertion failed: %s\n", file, line, expression);
	abort();
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void path_of(unsigned i, char path[static 40])
{
	snprintf(path, 40, "f%u/a file with a name %u.txt", i % FOLDERS, i);
}

static void make_files(void)
{
	char path[40];

	for (unsigned i = 0; i < FOLDERS; i++) {
		snprintf(path, sizeof(path), "f%u", i);
		fs_make_folder(path);
	}
	for (unsigned i = 0; i < FILES; i++) {
		path_of(i, path);
		fs_put(path, bytes, FILE_BYTES);
		if (each)
			fs_sync();
	}
}

static void change_files(void)
{
	char path[40];

	for (unsigned i = 0; i < FILES; i++) {
		path_of(i, path);
		fs_put(path, &bytes[i], FILE_BYTES);
		if (each)
			fs_sync();
	}
}

static void remove_files(void)
{
	char path[40];

	for (unsigned i = 0; i < FILES; i++) {
		path_of(i, path);
		fs_remove(path);
		if (each)
			fs_sync();
	}
}

static void write_big(void)
{
	fs_open("big.bin", true);
	for (unsigned i = 0; i < BIG_BYTES / PIECE_BYTES; i++)
		fs_write(bytes, sizeof(bytes));
	fs_close();
}

static void read_big(void)
{
	fs_open("big.bin", false);
	for (unsigned i = 0; i < BIG_BYTES / PIECE_BYTES; i++) {
		fs_read(out, sizeof(out), (size_t)i * sizeof(out));
		if (memcmp(out, bytes, sizeof(out)) != 0)
			abort();
	}
	fs_close();
}

static void phase(const char *name, void (*run)(void))
{
	memset(disk.calls, 0, sizeof(disk.calls));
	memset(disk.sectors, 0, sizeof(disk.sectors));
	uint64_t start = now_us();
	run();
	fs_sync();
	printf("%s %llu %llu %llu %llu %llu\n", name,
	       (unsigned long long)disk.calls[DISK_MEMORY_READ],
	       (unsigned long long)(disk.calls[DISK_MEMORY_WRITE] + disk.calls[DISK_MEMORY_ZERO]),
	       (unsigned long long)(disk.sectors[DISK_MEMORY_WRITE] +
				    disk.sectors[DISK_MEMORY_ZERO]),
	       (unsigned long long)disk.calls[DISK_MEMORY_FLUSH],
	       (unsigned long long)(now_us() - start));
}

int main(int argc, char **argv)
{
	static const struct fat_shape shape = {SECTOR_BYTES, 131072, 8, 16, 2, 512};

	each = argc > 1 && strcmp(argv[1], "each") == 0;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	disk_memory_init(&disk, shape.sectors, shape.sector_bytes);
	fat_format(disk.bytes, &shape);
	fs_mount(&disk.disk);
	phase("create", make_files);
	phase("overwrite", change_files);
	phase("remove", remove_files);
	phase("write", write_big);
	phase("read", read_big);
	fs_unmount();
	disk_memory_fini(&disk);
	return 0;
}
