/* SPDX-License-Identifier: ISC */
/*
 * The C library's functions on bytes, short: in place of newlib's for boards where flash is scarce
 * and the processor takes words from any address, as a Cortex-M3 does.
 *
 * USED: the compiler may turn other code into calls of these after it has decided what to keep.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

/* A word anywhere, of whatever it may be a part. */
typedef uint32_t word __attribute__((aligned(1), may_alias));

/* As many as are copied or set without a look at how many are left. */
enum { BLOCK_BYTES = 4 * sizeof(word) };

/*
 * Upwards: what is read is not yet written, wherever `next` is above `at`. Loops end at an address
 * and look for it at their end: that is what the compiler makes the fewest instructions of.
 */
HOT(device) static void copy(uint8_t *at, const uint8_t *next, size_t n)
{
	const uint8_t *blocks = at + n / BLOCK_BYTES * BLOCK_BYTES, *end = at + n;

	if (at != blocks) {
		do {
			word *to = (word *)at;
			const word *from = (const word *)next;
			uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
			to[0] = a;
			to[1] = b;
			to[2] = c;
			to[3] = d;
			at += BLOCK_BYTES;
			next += BLOCK_BYTES;
		} while (at != blocks);
	}
	while (at != end)
		*at++ = *next++;
}

USED void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	copy(to, from, n);
	return to;
}

USED void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *end = (uint8_t *)to + n;
	const uint8_t *last = (const uint8_t *)from + n;

	if ((uintptr_t)to - (uintptr_t)from >= n)
		copy(to, from, n);
	else
		while (n-- > 0)
			*--end = *--last;
	return to;
}

USED void *memset(void *to, int c, size_t n)
{
	uint8_t *at = to;
	const uint8_t *blocks = at + n / BLOCK_BYTES * BLOCK_BYTES, *end = at + n;
	const word filled = (uint8_t)c * 0x01010101u;

	if (at != blocks) {
		do {
			word *four = (word *)at;
			four[0] = four[1] = four[2] = four[3] = filled;
			at += BLOCK_BYTES;
		} while (at != blocks);
	}
	for (; end - at >= (ptrdiff_t)sizeof(word); at += sizeof(word))
		*(word *)at = filled;
	while (at != end)
		*at++ = (uint8_t)c;
	return to;
}

USED int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *left = a, *right = b;

	for (; n > 0; n--, left++, right++) {
		if (*left != *right)
			return *left - *right;
	}
	return 0;
}

USED void *memchr(const void *bytes, int c, size_t n)
{
	const uint8_t *at = bytes;

	for (; n > 0; n--, at++) {
		if (*at == (uint8_t)c)
			return (void *)(uintptr_t)at;
	}
	return NULL;
}
