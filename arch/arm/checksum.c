/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

/* A chain of additions with carry, two instructions a word, half of what C comes to: what tells the
 * end of the loop leaves the carry alone. Loads may be unaligned. */
size_t csum_add_blocks(size_t sum, const uint8_t *p, size_t blocks)
{
	const uint8_t *end = p + blocks * CSUM_BLOCK_BYTES;
	size_t a, b, c, d;

	if (blocks == 0)
		return sum;
	__asm__("adds	%[sum], %[sum], #0\n\t"
		"1:\n\t"
		"ldr	%[a], [%[p]], #4\n\t"
		"ldr	%[b], [%[p]], #4\n\t"
		"ldr	%[c], [%[p]], #4\n\t"
		"ldr	%[d], [%[p]], #4\n\t"
		"adcs	%[sum], %[sum], %[a]\n\t"
		"adcs	%[sum], %[sum], %[b]\n\t"
		"adcs	%[sum], %[sum], %[c]\n\t"
		"adcs	%[sum], %[sum], %[d]\n\t"
		"ldr	%[a], [%[p]], #4\n\t"
		"ldr	%[b], [%[p]], #4\n\t"
		"ldr	%[c], [%[p]], #4\n\t"
		"ldr	%[d], [%[p]], #4\n\t"
		"adcs	%[sum], %[sum], %[a]\n\t"
		"adcs	%[sum], %[sum], %[b]\n\t"
		"adcs	%[sum], %[sum], %[c]\n\t"
		"adcs	%[sum], %[sum], %[d]\n\t"
		"teq	%[p], %[end]\n\t"
		"bne	1b\n\t"
		"adcs	%[sum], %[sum], #0\n\t"
		"adc	%[sum], %[sum], #0"
		: [sum] "+&r"(sum), [p] "+&r"(p), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c),
		  [d] "=&r"(d)
		: [end] "r"(end)
		: "cc", "memory");
	return sum;
}
