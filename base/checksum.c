/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

#include "base/bytes.h"

static uint32_t fold64(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (uint32_t)sum;
}

/*
 * 32-bit words go into a 64-bit accumulator, whose upper half collects the carries:
 * 2^32 words can be added before it could overflow.
 */
uint32_t csum_add(uint32_t sum, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t acc = sum;

	for (; len >= 32; len -= 32, p += 32) {
		acc += load_le32(p);
		acc += load_le32(p + 4);
		acc += load_le32(p + 8);
		acc += load_le32(p + 12);
		acc += load_le32(p + 16);
		acc += load_le32(p + 20);
		acc += load_le32(p + 24);
		acc += load_le32(p + 28);
	}
	for (; len >= 4; len -= 4, p += 4)
		acc += load_le32(p);
	if (len >= 2) {
		acc += load_le16(p);
		p += 2;
		len -= 2;
	}
	if (len == 1)
		acc += *p;
	return fold64(acc);
}

uint32_t csum_add_odd(uint32_t sum, const void *bytes, size_t len)
{
	uint16_t run = csum_partial(csum_add(0, bytes, len));
	return fold64((uint64_t)sum + __builtin_bswap16(run));
}
