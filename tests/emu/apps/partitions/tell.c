/* SPDX-License-Identifier: ISC */
#include "hal/disk.h"
#include "runtime/console.h"
#include "unikernel.h"

enum { SECTOR_BYTES_MAX = 4096 };

/* Its first word and its size. */
static void tell_of(struct disk *d)
{
	static uint8_t sector[SECTOR_BYTES_MAX + 1];
	enum err e = disk_read(d, 0, 1, sector + 1); /* not aligned */

	if (e == OK)
		console_printf("%s: %llu sectors, %.16s\n", d->name, (unsigned long long)d->sectors,
			       (const char *)sector + 1);
	else
		console_printf("%s: %s\n", d->name, err_str(e));
}

int tell(struct disk *second, struct disk *data, struct disk *own)
{
	tell_of(second);
	tell_of(data);
	tell_of(own);
	return 0;
}
