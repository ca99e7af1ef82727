/* SPDX-License-Identifier: ISC */
/*
 * The list of tags that loaders passed before there were device trees (Linux,
 * Documentation/arch/arm/booting.rst, 4a). No I/O: it is tested on the build machine.
 */
#ifndef BOARDS_TREE_ATAGS_H
#define BOARDS_TREE_ATAGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct atags {
	uint32_t ram_start, ram_bytes; /* of the first piece of memory; 0 bytes: it is not said */
	const char *cmdline; /* in the list, cmdline_len bytes without a NUL; may be NULL */
	size_t cmdline_len;
};

/*
 * Reads the list at `list`, of which at most `bytes` may be read. ERR_NODEV: there is none;
 * ERR_INVALID: it does not end within its bytes, or a tag is damaged.
 */
MUST_USE enum err atags_parse(struct atags *a, const uint32_t *list, size_t bytes);

#endif
