/* SPDX-License-Identifier: ISC */
/* Empty FAT volumes of any measures in memory, for tests that make thousands of them. */
#ifndef TESTS_FAKES_FAT_FORMAT_H
#define TESTS_FAKES_FAT_FORMAT_H

#include <stdint.h>

struct fat_shape {
	uint32_t sector_bytes, sectors;
	uint32_t cluster_sectors;
	uint32_t bits; /* 12 and 16 are only what the number of clusters makes of them */
	uint32_t tables;
	uint32_t root_entries; /* of FAT12 and FAT16 */
};

/* Writes a volume over `bytes`, which are zero. */
void fat_format(uint8_t *bytes, const struct fat_shape *shape);

#endif
