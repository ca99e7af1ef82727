/* SPDX-License-Identifier: ISC */
#include "tools/fata/argblock.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "runtime/argblock.h"
#include "tools/fata/fata.h"

enum { CAPACITY_MAX = 4096, HEADER_BYTES = sizeof(struct argument_block_header) };

static const char magic[] = "FataArgs";

/* Reads the header at `offset`. Whether it makes sense, and its text lies in the file. */
static bool read_header(struct argblock *b, const uint8_t *bytes, size_t size, size_t offset)
{
	struct argument_block_header h;

	if (size - offset < sizeof(h))
		return false;
	memcpy(&h, bytes + offset, sizeof(h));
	*b = (struct argblock){
		.offset = offset,
		.capacity = load_le16(h.capacity),
		.length = load_le16(h.length),
	};
	return b->capacity > 0 && b->capacity <= CAPACITY_MAX && b->length <= b->capacity &&
	       load_le32(h.zero) == 0 && size - offset - sizeof(h) >= b->capacity;
}

enum argblock_found argblock_find(struct argblock *block, const uint8_t *bytes, size_t size)
{
	size_t magic_bytes = strlen(magic), offset = 0;
	enum argblock_found found = ARGBLOCK_NONE;
	struct argblock candidate;
	const uint8_t *at;

	while ((at = memmem(bytes + offset, size - offset, magic, magic_bytes)) != NULL) {
		offset = (size_t)(at - bytes);
		if (!read_header(&candidate, bytes, size, offset)) {
			if (found == ARGBLOCK_NONE)
				found = ARGBLOCK_DAMAGED;
		} else if (found == ARGBLOCK_ONE) {
			return ARGBLOCK_MANY;
		} else {
			found = ARGBLOCK_ONE;
			*block = candidate;
		}
		offset += magic_bytes;
	}
	return found;
}

char *argblock_text(const struct argblock *block, const uint8_t *bytes)
{
	const uint8_t *from = bytes + block->offset + HEADER_BYTES;
	char *text = allocate(block->length + 1);

	for (unsigned i = 0; i < block->length; i++)
		text[i] = from[i] >= ' ' && from[i] < 0x7f ? (char)from[i] : '?';
	return text;
}

void argblock_set(struct argblock *block, uint8_t *bytes, const char *text)
{
	uint8_t *header = bytes + block->offset;
	size_t length = strlen(text);

	assert(length <= block->capacity);
	block->length = (unsigned)length;
	store_le16(header + offsetof(struct argument_block_header, length), (uint16_t)length);
	memset(header + HEADER_BYTES, 0, block->capacity);
	memcpy(header + HEADER_BYTES, text, length);
}
