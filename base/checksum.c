/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

#include "base/attr.h"
#include "base/bytes.h"

enum { WORD = sizeof(size_t) };

static uint32_t fold64(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (uint32_t)sum;
}

/*
 * A sum of machine words: those carried out of it are counted beside it, two instructions a word.
 * Any width of words gives the same 16 bits in the end (RFC 1071 section 2 (C)).
 */
struct sum {
	size_t low, carries;
};

ALWAYS_INLINE void add(struct sum *s, size_t word)
{
	s->carries += __builtin_add_overflow(s->low, word, &s->low);
}

ALWAYS_INLINE void add_at(struct sum *s, const uint8_t *p)
{
	size_t word;
	memcpy(&word, p, sizeof(word));
	add(s, word);
}

ALWAYS_INLINE void add_4_at(struct sum *s, const uint8_t *p)
{
	add_at(s, p);
	add_at(s, p + WORD);
	add_at(s, p + 2 * WORD);
	add_at(s, p + 3 * WORD);
}

/* What was carried out comes in at the low end. */
ALWAYS_INLINE size_t end_around(struct sum s)
{
	size_t low = s.low + s.carries;
	return low + (low < s.carries);
}

WEAK size_t csum_add_blocks(size_t sum, const uint8_t *p, size_t blocks)
{
	struct sum s = {.low = sum};

	for (; blocks > 0; blocks--, p += CSUM_BLOCK_BYTES) {
		add_4_at(&s, p);
		add_4_at(&s, p + 4 * WORD);
	}
	return end_around(s);
}

/* Fewer bytes than a block. */
ALWAYS_INLINE void add_rest(struct sum *s, const uint8_t *p, size_t len)
{
	if ((len & (4 * WORD)) != 0) {
		add_4_at(s, p);
		p += 4 * WORD;
	}
	if ((len & (2 * WORD)) != 0) {
		add_at(s, p);
		add_at(s, p + WORD);
		p += 2 * WORD;
	}
	if ((len & WORD) != 0) {
		add_at(s, p);
		p += WORD;
	}
	if (WORD > 4 && (len & 4) != 0) {
		add(s, load_le32(p));
		p += 4;
	}
	if ((len & 2) != 0) {
		add(s, load_le16(p));
		p += 2;
	}
	if ((len & 1) != 0)
		add(s, *p);
}

HOT(device) WEAK uint32_t csum_add(uint32_t sum, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	size_t blocks = len / CSUM_BLOCK_BYTES;
	struct sum s = {.low = sum};

	if (blocks > 0)
		s.low = csum_add_blocks(sum, p, blocks);
	add_rest(&s, p + blocks * CSUM_BLOCK_BYTES, len % CSUM_BLOCK_BYTES);
	return fold64(end_around(s));
}

uint32_t csum_add_odd(uint32_t sum, const void *bytes, size_t len)
{
	uint16_t run = csum_partial(csum_add(0, bytes, len));
	return fold64((uint64_t)sum + __builtin_bswap16(run));
}
