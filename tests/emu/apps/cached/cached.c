/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hal/disk.h"
#include "runtime/console.h"
#include "unikernel.h"

enum { SECTOR = 512, SECTORS = 100 };

static uint8_t sector[SECTOR];

/* Sector i is full of i + 1. */
static enum err fill(struct disk *d)
{
	enum err e = OK;

	for (unsigned i = 0; i < SECTORS && e == OK; i++) {
		memset(sector, (int)i + 1, sizeof(sector));
		e = disk_write(d, i, 1, sector);
	}
	return e;
}

static enum err check(struct disk *d)
{
	enum err e = OK;

	for (unsigned i = 0; i < SECTORS && e == OK; i++) {
		e = disk_read(d, i, 1, sector);
		if (e == OK && (sector[0] != i + 1 || sector[SECTOR - 1] != i + 1))
			e = ERR_DAMAGED;
	}
	return e;
}

int cached_test(struct disk *disk, struct disk *memory)
{
	enum err e = fill(memory);

	if (e == OK)
		e = check(memory);
	if (e == OK)
		e = fill(disk);
	if (e == OK)
		e = check(disk);
	console_printf("cached: %s\n", e == OK ? "good" : err_str(e));
	return e == OK ? 0 : 1;
}
