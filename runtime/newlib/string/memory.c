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

/* Upwards: what is read is not yet written, wherever `next` is above `at`. */
static void copy(uint8_t *at, const uint8_t *next, size_t n)
{
	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)at = *(const word *)next;
		at += sizeof(word);
		next += sizeof(word);
	}
	while (n-- > 0)
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
	const word filled = (uint8_t)c * 0x01010101u;

	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)at = filled;
		at += sizeof(word);
	}
	while (n-- > 0)
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
