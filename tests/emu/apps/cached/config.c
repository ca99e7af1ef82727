/* SPDX-License-Identifier: ISC */
/* A disk behind a cache, and one in memory: what is written and not flushed is there when the image
 * has ended. */
#include <fata/config.h>

void configure(void)
{
	unikernel("cached", job("cached_test", cached(disk_over(default_block()), .pages = 32),
				cached(disk_over(ram_disk(1 << 20)), .pages = 4)));
}
