/* SPDX-License-Identifier: ISC */
#include "storage/flash_disk/flash_disk.h"

#include <string.h>

static struct flash_disk *of(struct flash *flash)
{
	return container_of(flash, struct flash_disk, flash);
}

/* Whole sectors go where they are wanted, a part of one by way of the buffer. */
static enum err read(struct flash *flash, uint64_t at, void *out, size_t len)
{
	struct flash_disk *f = of(flash);
	uint32_t unit = flash->program_bytes;
	uint8_t *to = out;
	enum err e = OK;

	for (size_t n; len > 0 && e == OK; len -= n) {
		uint32_t offset = (uint32_t)(at % unit);

		if (offset == 0 && len >= unit) {
			n = MIN(len, (size_t)1 << 30) / unit * unit;
			e = disk_read(f->disk, at / unit, (uint32_t)(n / unit), to);
		} else {
			n = MIN(len, (size_t)(unit - offset));
			e = disk_read(f->disk, at / unit, 1, f->sector);
			if (e == OK)
				memcpy(to, f->sector + offset, n);
		}
		at += n;
		to += n;
	}
	return e;
}

static enum err program(struct flash *flash, uint64_t at, const void *bytes, size_t len)
{
	uint32_t unit = flash->program_bytes;

	return disk_write(of(flash)->disk, at / unit, (uint32_t)(len / unit), bytes);
}

static enum err erase(struct flash *flash, uint32_t block)
{
	uint32_t sectors = flash->block_bytes / flash->program_bytes;

	return disk_discard(of(flash)->disk, (uint64_t)block * sectors, sectors);
}

static enum err sync(struct flash *flash)
{
	return disk_flush(of(flash)->disk);
}

void flash_disk_init(struct flash_disk *f, struct disk *disk, uint32_t block_bytes)
{
	static const struct flash_ops ops = {
		.read = read, .program = program, .erase = erase, .sync = sync};
	uint64_t blocks;

	*f = (struct flash_disk){.flash = {.ops = &ops, .name = disk->name}, .disk = disk};
	if (disk->sectors == 0)
		return;
	assert(disk->sector_bytes <= FLASH_DISK_SECTOR_BYTES_MAX && block_bytes > 0 &&
	       block_bytes % disk->sector_bytes == 0);
	blocks = disk->sectors / (block_bytes / disk->sector_bytes);
	f->flash.blocks = (uint32_t)MIN(blocks, (uint64_t)UINT32_MAX);
	f->flash.block_bytes = block_bytes;
	f->flash.program_bytes = disk->sector_bytes;
}
