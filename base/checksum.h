/* SPDX-License-Identifier: ISC */
/*
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of
 * 16-bit words.
 *
 * A sum is built up in a 32-bit accumulator by csum_add() over one or more runs of
 * bytes, each but the last of even length, and turned into the field by csum_fold().
 * Words are summed in memory order, so the field is stored with store_ne16 semantics:
 * csum_store() writes it; csum_is_intact() looks at a received message with its field.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

/* Adds `len` bytes at `bytes` to `sum`. An odd last byte is padded with zero. */
uint32_t csum_add(uint32_t sum, const void *bytes, size_t len);

/*
 * The inner loop of csum_add(), for which an architecture may have its own, as for all of it: adds
 * `blocks` runs of CSUM_BLOCK_BYTES, at any alignment, with end-around carry in the width of a
 * machine word.
 */
enum { CSUM_BLOCK_BYTES = 8 * sizeof(size_t) };
size_t csum_add_blocks(size_t sum, const uint8_t *p, size_t blocks);

/*
 * Adds a run of bytes that begins at an odd position of the message: for payload in
 * pieces of odd length (RFC 1071 section 2 (B), byte order independence).
 */
uint32_t csum_add_odd(uint32_t sum, const void *bytes, size_t len);

/* Adds a word of 32 bits that is in memory order. */
static inline uint32_t csum_add_word(uint32_t sum, uint32_t word)
{
	sum += word;
	return sum + (sum < word);
}

/* Adds a 16-bit value that is in host order. */
static inline uint32_t csum_add_u16(uint32_t sum, uint16_t v)
{
	sum += __builtin_bswap16(v);
	return sum < __builtin_bswap16(v) ? sum + 1 : sum;
}

/* The folded sum, not inverted, in memory order: what PKT_CSUM_PARTIAL wants in the field. */
static inline uint16_t csum_partial(uint32_t sum)
{
	/* Both halves meet in the upper one, which what the lower carries out goes into. */
	return (uint16_t)((sum + (sum << 16 | sum >> 16)) >> 16);
}

/* The checksum field for `sum`, in memory order. */
BRIEF uint16_t csum_fold(uint32_t sum)
{
	return (uint16_t)~csum_partial(sum);
}

/* Whether the sum of a received message, its checksum with it, is that of an intact one: the same
 * as csum_fold() being zero. */
static inline bool csum_is_intact(uint32_t sum)
{
	return sum + (sum << 16 | sum >> 16) >= UINT32_C(0xffff0000);
}

/* Stores a field that is in memory order. */
static inline void csum_store(void *field, uint16_t v)
{
	memcpy(field, &v, sizeof(v));
}

#endif
