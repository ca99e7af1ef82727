/* SPDX-License-Identifier: ISC */
/*
 * A flash over a disk, so that what is written for flash memory runs on disks too.
 *
 * A unit is a sector, erasing is a discard, and a sync a flush. What does not fill the last erase
 * block is not used. As the disk, it is for fibers, and one call at a time: parts of sectors are
 * read through a buffer in the struct, which is the caller's.
 */
#ifndef STORAGE_FLASH_DISK_FLASH_DISK_H
#define STORAGE_FLASH_DISK_FLASH_DISK_H

#include "hal/disk.h"
#include "hal/flash.h"

enum { FLASH_DISK_SECTOR_BYTES_MAX = 4096 };

struct flash_disk {
	struct flash flash;
	struct disk *disk;
	ALIGNED(CACHE_LINE_BYTES) uint8_t sector[FLASH_DISK_SECTOR_BYTES_MAX];
};

/*
 * Makes `f` the flash of `disk`, which stays, with erase blocks of `block_bytes`, a multiple of its
 * sectors (asserted). Of a disk without a medium, or one smaller than a block, it has no blocks.
 */
void flash_disk_init(struct flash_disk *f, struct disk *disk, uint32_t block_bytes);

#endif
