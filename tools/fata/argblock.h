/* SPDX-License-Identifier: ISC */
/*
 * The argument block of an image, as bytes of a file: see runtime/argblock.h for its layout.
 *
 * It is found by its magic, whatever the file's format. A file may hold the magic by accident, or
 * as part of somebody's boot arguments; a block counts only if its header makes sense, which text
 * behind a magic never does.
 */
#ifndef TOOLS_FATA_ARGBLOCK_H
#define TOOLS_FATA_ARGBLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum argblock_found { ARGBLOCK_NONE, ARGBLOCK_ONE, ARGBLOCK_MANY, ARGBLOCK_DAMAGED };

struct argblock {
	size_t offset;     /* of the header, in the file */
	unsigned capacity; /* of the text, in bytes */
	unsigned length;
};

/* Looks for the block; *block is set for ARGBLOCK_ONE. */
MUST_USE enum argblock_found argblock_find(struct argblock *block, const uint8_t *bytes,
					   size_t size);

/* A new string: the text, with control characters and what is no ASCII shown as '?'. */
MUST_USE char *argblock_text(const struct argblock *block, const uint8_t *bytes);

/* Writes `text`, which fits, to the block in `bytes`, and zeroes behind it. */
void argblock_set(struct argblock *block, uint8_t *bytes, const char *text);

#endif
