/* SPDX-License-Identifier: ISC */
/* A disk's raw sectors, read and written as the boot arguments say. */
#include <fata/config.h>

void configure(void)
{
	unikernel("disk", job("disk_test", default_block(),
			      key_string("mode", "read",
					 "read, write, many, flight, random, speed or watch"),
			      key_u32("sector", 0, "first sector"),
			      key_u32("count", 1, "sectors", .min = 1, .max = 2048)));
}
