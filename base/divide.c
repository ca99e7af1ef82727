/* SPDX-License-Identifier: ISC */
#include "base/divide.h"

#include <limits.h>

/* Bit by bit: the quotient moves into `n` from the right as the dividend leaves it to the left. */
static uint64_t divide_bitwise(uint64_t n, uint32_t d, uint32_t *rest)
{
	uint64_t r = 0;
	for (unsigned i = 0; i < 64; i++) {
		r = r << 1 | n >> 63;
		n <<= 1;
		if (r >= d) {
			r -= d;
			n |= 1;
		}
	}
	*rest = (uint32_t)r;
	return n;
}

uint64_t divide(uint64_t n, uint32_t d, uint32_t *rest)
{
	unsigned long one_word = (unsigned long)n;

	if (n > ULONG_MAX)
		return divide_bitwise(n, d, rest);
	*rest = (uint32_t)(one_word % d);
	return one_word / d;
}
