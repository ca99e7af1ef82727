/* SPDX-License-Identifier: ISC */
/* A struct disk in a file of the build machine, which counts what is asked of it. */
#ifndef TESTS_FAKES_DISK_FILE_H
#define TESTS_FAKES_DISK_FILE_H

#include "hal/disk.h"

struct disk_file {
	struct disk disk;
	int fd;
	uint64_t reads, writes, flushes; /* calls */
	uint64_t read_sectors, written_sectors;
};

/* False: there is no such file, or it holds no sectors. errno says why. */
bool disk_file_open(struct disk_file *d, const char *path, uint32_t sector_bytes);
void disk_file_close(struct disk_file *d);

#endif
