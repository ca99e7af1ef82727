/* SPDX-License-Identifier: ISC */
/*
 * For a board whose devices are where they always are: memory, boot arguments and seeds from what
 * the loader has left, which is a device tree, a list of tags (ATAGS), or nothing. What is needed
 * is copied, so that its memory is free for the heap.
 */
#ifndef BOARDS_TREE_LOADER_H
#define BOARDS_TREE_LOADER_H

#include <stddef.h>
#include <stdint.h>

#include "arch/boot.h"
#include "base/attr.h"
#include "base/err.h"

struct loader_limits {
	uintptr_t ram_start;
	uint32_t ram_bytes_max; /* tags that say more are not believed */
	uint32_t ram_bytes;     /* if nobody says how much there is */
	uintptr_t tags;         /* where they would be */
	size_t tags_bytes;      /* that may be read there */
};

/*
 * For board_init(), with a console: on an error it has complained. `*kaslr_seed` is set if there is
 * one.
 */
MUST_USE enum err loader_read(const struct boot *boot, const struct loader_limits *limits,
			      uint64_t *kaslr_seed);

#endif
