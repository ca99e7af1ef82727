/* SPDX-License-Identifier: ISC */
/* FatFs R0.13c, as it comes with MicroPython. Closing a file is what syncs it. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/peers/fat/work.h"

/* Its own calls of disks have the names of hal/disk.h's. */
#define disk_read  fatfs_disk_read
#define disk_write fatfs_disk_write
#include "ff.h"

#include "diskio.h"
#undef disk_read
#undef disk_write

static FATFS volume;
static FIL file;

static void must(FRESULT result)
{
	if (result == FR_OK)
		return;
	fprintf(stderr, "FatFs: error %d\n", result);
	exit(1);
}

DRESULT fatfs_disk_read(void *drv, BYTE *out, DWORD sector, UINT count)
{
	return disk_read(drv, sector, count, out) == OK ? RES_OK : RES_ERROR;
}

DRESULT fatfs_disk_write(void *drv, const BYTE *bytes, DWORD sector, UINT count)
{
	return disk_write(drv, sector, count, bytes) == OK ? RES_OK : RES_ERROR;
}

DRESULT disk_ioctl(void *drv, BYTE command, void *out)
{
	struct disk *disk = drv;

	switch (command) {
	case CTRL_SYNC:
		return disk_flush(disk) == OK ? RES_OK : RES_ERROR;
	case GET_SECTOR_COUNT:
		*(DWORD *)out = (DWORD)disk->sectors;
		return RES_OK;
	case GET_SECTOR_SIZE:
		*(WORD *)out = (WORD)disk->sector_bytes;
		return RES_OK;
	case IOCTL_INIT:
	case IOCTL_STATUS:
		*(DSTATUS *)out = 0;
		return RES_OK;
	default:
		return RES_PARERR;
	}
}

DWORD get_fattime(void)
{
	return 46u << 25 | 11 << 21 | 22 << 16;
}

void fs_mount(struct disk *disk)
{
	volume.drv = disk;
	must(f_mount(&volume));
}

void fs_make_folder(const char *path)
{
	must(f_mkdir(&volume, path));
}

void fs_put(const char *path, const void *bytes, size_t len)
{
	fs_open(path, true);
	fs_write(bytes, len);
	fs_close();
}

void fs_remove(const char *path)
{
	must(f_unlink(&volume, path));
}

void fs_sync(void)
{
}

void fs_open(const char *path, bool write)
{
	must(f_open(&volume, &file, path, write ? FA_WRITE | FA_CREATE_ALWAYS : FA_READ));
}

void fs_write(const void *bytes, size_t len)
{
	UINT n;

	must(f_write(&file, bytes, (UINT)len, &n));
	must(n == len ? FR_OK : FR_DENIED);
}

void fs_read(void *out, size_t len, size_t offset)
{
	UINT n;

	(void)offset;
	must(f_read(&file, out, (UINT)len, &n));
}

void fs_close(void)
{
	must(f_close(&file));
}

void fs_unmount(void)
{
	must(f_umount(&volume));
}
