/* SPDX-License-Identifier: ISC */
#include "boards/tree/atags.h"

#include <string.h>

/* A tag: its size in words with these two, what it is, and its values. */
enum { SIZE, TAG, VALUES };

#define ATAG_NONE    0x00000000u
#define ATAG_CORE    0x54410001u
#define ATAG_MEM     0x54410002u
#define ATAG_CMDLINE 0x54410009u

enum { MEM_BYTES = VALUES, MEM_START, MEM_WORDS };

static void parse_tag(struct atags *a, const uint32_t *tag, size_t words)
{
	if (tag[TAG] == ATAG_MEM && words >= MEM_WORDS && a->ram_bytes == 0) {
		a->ram_bytes = tag[MEM_BYTES];
		a->ram_start = tag[MEM_START];
	}
	if (tag[TAG] == ATAG_CMDLINE) {
		a->cmdline = (const char *)&tag[VALUES];
		a->cmdline_len = strnlen(a->cmdline, (words - VALUES) * sizeof(*tag));
	}
}

enum err atags_parse(struct atags *a, const uint32_t *list, size_t bytes)
{
	size_t left = bytes / sizeof(*list);

	*a = (struct atags){0};
	if (left < VALUES || list[TAG] != ATAG_CORE)
		return ERR_NODEV;
	while (left >= VALUES && list[TAG] != ATAG_NONE) {
		size_t words = list[SIZE];

		if (words < VALUES || words > left)
			return ERR_INVALID;
		parse_tag(a, list, words);
		list += words;
		left -= words;
	}
	return left >= VALUES ? OK : ERR_INVALID;
}
