/* SPDX-License-Identifier: ISC */
/* A file system under the load of work.c, over a disk in memory that counts. Functions end the
 * program on an error. */
#ifndef BENCH_PEERS_FAT_WORK_H
#define BENCH_PEERS_FAT_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/fakes/disk_memory.h"

enum { SECTOR_BYTES = 512, CACHE_BYTES = 8192 };

void fs_mount(struct disk *disk);
void fs_make_folder(const char *path); /* not asked for where files make theirs */
void fs_put(const char *path, const void *bytes, size_t len);
void fs_remove(const char *path);
void fs_sync(void);
void fs_open(const char *path, bool write);
void fs_write(const void *bytes, size_t len);
void fs_read(void *out, size_t len, size_t offset);
void fs_close(void);
void fs_unmount(void);

#endif
