/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

/* On a build machine of another kind, that of base/ stands. */
#ifdef __x86_64__

/* A chain of additions with carry: one instruction for eight bytes, half of what C comes to. */
size_t csum_add_blocks(size_t sum, const uint8_t *p, size_t blocks)
{
	for (; blocks > 0; blocks--, p += CSUM_BLOCK_BYTES) {
		const uint8_t(*block)[CSUM_BLOCK_BYTES] = (const void *)p;
		__asm__("addq   (%[p]), %[sum]\n\t"
			"adcq  8(%[p]), %[sum]\n\t"
			"adcq 16(%[p]), %[sum]\n\t"
			"adcq 24(%[p]), %[sum]\n\t"
			"adcq 32(%[p]), %[sum]\n\t"
			"adcq 40(%[p]), %[sum]\n\t"
			"adcq 48(%[p]), %[sum]\n\t"
			"adcq 56(%[p]), %[sum]\n\t"
			"adcq  $0, %[sum]"
			: [sum] "+&r"(sum)
			: [p] "r"(p), "m"(*block)
			: "cc");
	}
	return sum;
}

#endif
