/* SPDX-License-Identifier: ISC */
#include <stdbool.h>

#include "base/bytes.h"
#include "tests/fakes/crc32c.h"

enum { WIDTH = 8 };

/* table[n][byte]: of a byte that n others follow. */
static uint32_t table[WIDTH][256];

static void make_table(void)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
		table[0][byte] = crc;
	}
	for (unsigned n = 1; n < WIDTH; n++) {
		for (unsigned byte = 0; byte < 256; byte++)
			table[n][byte] = table[n - 1][byte] >> 8 ^
					 table[0][table[n - 1][byte] & 0xff];
	}
}

static uint32_t eight(uint64_t bytes)
{
	return table[7][bytes & 0xff] ^ table[6][bytes >> 8 & 0xff] ^ table[5][bytes >> 16 & 0xff] ^
	       table[4][bytes >> 24 & 0xff] ^ table[3][bytes >> 32 & 0xff] ^
	       table[2][bytes >> 40 & 0xff] ^ table[1][bytes >> 48 & 0xff] ^ table[0][bytes >> 56];
}

uint32_t crc32c_by_tables(uint32_t crc, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	if (table[0][1] == 0)
		make_table();
	crc = ~crc;
	for (; len >= WIDTH; len -= WIDTH, p += WIDTH)
		crc = eight(load_le64(p) ^ crc);
	for (; len > 0; len--, p++)
		crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
	return ~crc;
}
