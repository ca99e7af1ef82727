/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

#include "base/attr.h"

static uint32_t rotate_left(uint32_t x, unsigned n)
{
	return x << n % 32 | x >> (32 - n) % 32;
}

/*
 * The bytes up to the next word, in their places in that one. Behind an odd address all bytes are
 * in the other half of their 16 bits, so the sum is turned by a byte before and after (RFC 1071
 * section 2 (B), byte order independence).
 */
static NOINLINE uint32_t add_unaligned(uint32_t sum, const uint8_t *p, size_t len)
{
	unsigned odd = 8 * ((uintptr_t)p & 1);
	uint32_t word = 0;

	if (len == 0)
		return sum;
	do
		word |= (uint32_t)*p << 8 * ((uintptr_t)p % sizeof(word));
	while (--len > 0 && (uintptr_t)++p % sizeof(word) != 0);
	sum = csum_add_word(rotate_left(sum, odd), word);
	return rotate_left(csum_add(sum, p, len), 32 - odd);
}

/* A chain of additions with carry, little more than one instruction a word, a third of what C comes
 * to: what looks how much is left leaves the carry alone. */
HOT(device) uint32_t csum_add(uint32_t sum, const void *bytes, size_t len)
{
	register uint32_t a __asm__("r3"), b __asm__("r4"), c __asm__("r5"), d __asm__("r6");
	const uint8_t *p = bytes, *blocks;

	if (UNLIKELY((uintptr_t)p % sizeof(uint32_t) != 0))
		return add_unaligned(sum, p, len);
	blocks = p + len / 32 * 32;
	__asm__("adds	%[sum], %[sum], #0\n\t"
		"b	2f\n"
		"1:\n\t"
		"ldmia	%[p]!, {r3, r4, r5, r6}\n\t"
		"adcs	%[sum], %[sum], r3\n\t"
		"adcs	%[sum], %[sum], r4\n\t"
		"adcs	%[sum], %[sum], r5\n\t"
		"adcs	%[sum], %[sum], r6\n\t"
		"ldmia	%[p]!, {r3, r4, r5, r6}\n\t"
		"adcs	%[sum], %[sum], r3\n\t"
		"adcs	%[sum], %[sum], r4\n\t"
		"adcs	%[sum], %[sum], r5\n\t"
		"adcs	%[sum], %[sum], r6\n"
		"2:\n\t"
		"teq	%[p], %[blocks]\n\t"
		"bne	1b\n\t"
		"tst	%[len], #16\n\t"
		"beq	3f\n\t"
		"ldmia	%[p]!, {r3, r4, r5, r6}\n\t"
		"adcs	%[sum], %[sum], r3\n\t"
		"adcs	%[sum], %[sum], r4\n\t"
		"adcs	%[sum], %[sum], r5\n\t"
		"adcs	%[sum], %[sum], r6\n"
		"3:\n\t"
		"tst	%[len], #8\n\t"
		"beq	4f\n\t"
		"ldmia	%[p]!, {r3, r4}\n\t"
		"adcs	%[sum], %[sum], r3\n\t"
		"adcs	%[sum], %[sum], r4\n"
		"4:\n\t"
		"tst	%[len], #4\n\t"
		"beq	5f\n\t"
		"ldmia	%[p]!, {r3}\n\t"
		"adcs	%[sum], %[sum], r3\n"
		"5:\n\t"
		"tst	%[len], #2\n\t"
		"beq	6f\n\t"
		"ldrh	r3, [%[p]], #2\n\t"
		"adcs	%[sum], %[sum], r3\n"
		"6:\n\t"
		"tst	%[len], #1\n\t"
		"beq	7f\n\t"
		"ldrb	r3, [%[p]]\n\t"
		"adcs	%[sum], %[sum], r3\n"
		"7:\n\t"
		"adcs	%[sum], %[sum], #0\n\t"
		"adc	%[sum], %[sum], #0"
		: [sum] "+&l"(sum), [p] "+&l"(p), "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(d)
		: [blocks] "r"(blocks), [len] "r"(len)
		: "cc", "memory");
	return sum;
}
