/* SPDX-License-Identifier: ISC */
/*
 * The argument block: boot arguments in the image file itself, for boards whose loader passes none
 * and for images that carry their settings along.
 *
 * A file that says ARGUMENT_BLOCK(256); once gives its image a block for 256 bytes of text, and the
 * image requires the module runtime/argblock; others have neither code nor data for it. A tool
 * finds the block in the file by its magic, and rewrites length and text. Its words are parsed
 * before the loader's, so where both set a key the loader has the last word.
 *
 *      offset  bytes
 *           0      8  "FataArgs"
 *           8      2  capacity of the text in bytes, little endian; never rewritten
 *          10      2  length of the text in bytes, little endian, at most the capacity
 *          12      4  zero
 *          16         the text: words as on a command line, without NUL or control characters
 */
#ifndef RUNTIME_ARGBLOCK_H
#define RUNTIME_ARGBLOCK_H

#include <stdint.h>

#include "base/attr.h"

struct argument_block_header {
	char magic[8];
	uint8_t capacity[2], length[2], zero[4];
};

/* Where the block of this image is. */
struct argument_block {
	const struct argument_block_header *header;
	const char *text; /* behind the header */
	char *copy;       /* capacity + 1 bytes: the parser writes to it, and strings stay in it */
	uint16_t capacity;
};

/* Of the application; only for argument_block_text(). */
extern const struct argument_block argument_block;

/* Gives the image a block; once, at file scope. */
#define ARGUMENT_BLOCK(capacity_bytes)                                                             \
	_Static_assert((capacity_bytes) > 0 && (capacity_bytes) <= 4096, "1 to 4096 bytes");       \
	static const struct {                                                                      \
		struct argument_block_header header;                                               \
		char text[capacity_bytes];                                                         \
	} argument_block_in_file SECTION(".rodata.argument_block") = {                             \
		.header = {.magic = {'F', 'a', 't', 'a', 'A', 'r', 'g', 's'},                      \
			   .capacity = {(capacity_bytes)&0xff, (capacity_bytes) >> 8}}};           \
	static char argument_block_copy[(capacity_bytes) + 1];                                     \
	const struct argument_block argument_block = {&argument_block_in_file.header,              \
						      argument_block_in_file.text,                 \
						      argument_block_copy, (capacity_bytes)}

/*
 * The text of the block, NUL-terminated, writable, valid for the whole run; NULL in an image
 * without one. Stops the image with status 64 if the block is not well-formed. Once, for start().
 */
char *argument_block_text(void);

#endif
