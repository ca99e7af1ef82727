/* SPDX-License-Identifier: ISC */
/*
 * From what the loader left to a console and memory.
 */
#include "boards/soc/allwinner-h3/h3.h"
#include "boards/tree/loader.h"
#include "hal/board.h"

static uint64_t kaslr_seed;

uint64_t board_guard_seed(void)
{
	return kaslr_seed;
}

enum err board_init(const struct boot *boot)
{
	static const struct loader_limits limits = {
		.ram_start = H3_RAM_START,
		.ram_bytes_max = H3_RAM_BYTES_MAX,
		.ram_bytes = H3_RAM_AT_LEAST,
		.tags = H3_ATAGS,
		.tags_bytes = H3_ATAGS_BYTES,
	};

	h3_console_init();
	return loader_read(boot, &limits, &kaslr_seed);
}
