/* SPDX-License-Identifier: ISC */
#include "drivers/flash/cfi/cfi_query.h"

#include "base/bytes.h"

/* Addresses of the query (JESD68.01, table 1 and those behind it). */
enum {
	QRY = 0x10,
	COMMAND_SET = 0x13,
	INTEL_EXTENDED = 1,
	INTEL_STANDARD = 3,
	WORD_US = 0x1f, /* exponents of two: typical times, then how many times those at most */
	BUFFER_US = 0x20,
	ERASE_MS = 0x21,
	WORD_TIMES = 0x23,
	BUFFER_TIMES = 0x24,
	ERASE_TIMES = 0x25,
	BYTES = 0x27,
	BUFFER_BYTES = 0x2a,
	REGIONS = 0x2c,
	REGION = 0x2d,

	BUFFER_EXPONENT_MAX = 12,
	PROGRAM_US_MAX = 1000000, /* no chip takes longer, whatever it says */
	PROGRAM_US_MIN = 10000,
	ERASE_US_MAX = 30000000,
	ERASE_US_MIN = 1000000,
};

static const uint8_t *at(const uint8_t *query, unsigned address)
{
	return &query[address - CFI_QUERY_FIRST];
}

static uint32_t time_us(const uint8_t *query, unsigned typical, unsigned times, uint32_t unit_us,
			uint32_t min_us, uint32_t max_us)
{
	unsigned exponent = *at(query, typical) + *at(query, times);
	uint64_t us = exponent < 32 ? (uint64_t)unit_us << exponent : max_us;

	return (uint32_t)MAX((uint64_t)min_us, MIN(us, (uint64_t)max_us));
}

static enum err parse_size(struct cfi_geometry *g, const uint8_t *query, uint64_t bytes_max)
{
	unsigned exponent = *at(query, BYTES);
	uint32_t block = (uint32_t)load_le16(at(query, REGION + 2)) * 256;

	if (*at(query, REGIONS) != 1)
		return ERR_UNSUPPORTED;
	g->blocks = (uint32_t)load_le16(at(query, REGION)) + 1;
	g->block_bytes = block != 0 ? block : 128; /* section 3.6: 0 means 128 */
	if (exponent > 31 || (uint64_t)g->blocks * g->block_bytes > bytes_max ||
	    (uint64_t)g->blocks * g->block_bytes != UINT64_C(1) << exponent)
		return ERR_INVALID;
	return OK;
}

enum err cfi_query_parse(struct cfi_geometry *g, const uint8_t *query, uint64_t bytes_max)
{
	uint16_t set = load_le16(at(query, COMMAND_SET));
	unsigned buffer = load_le16(at(query, BUFFER_BYTES));
	enum err e;

	*g = (struct cfi_geometry){0};
	if (at(query, QRY)[0] != 'Q' || at(query, QRY)[1] != 'R' || at(query, QRY)[2] != 'Y')
		return ERR_NODEV;
	if (set != INTEL_EXTENDED && set != INTEL_STANDARD)
		return ERR_UNSUPPORTED;
	e = parse_size(g, query, bytes_max);
	if (e != OK)
		return e;
	/* A buffer is programmed where it is aligned, and a block is whole ones: as the chip has a
	 * power of two, so has each block. */
	if (buffer > 2 && *at(query, BUFFER_US) != 0)
		g->buffer_bytes = 1u << MIN(buffer, (unsigned)BUFFER_EXPONENT_MAX);
	g->buffer_bytes = MIN(g->buffer_bytes, g->block_bytes);
	g->program_us =
		MAX(time_us(query, WORD_US, WORD_TIMES, 1, PROGRAM_US_MIN, PROGRAM_US_MAX),
		    time_us(query, BUFFER_US, BUFFER_TIMES, 1, PROGRAM_US_MIN, PROGRAM_US_MAX));
	g->erase_us = time_us(query, ERASE_MS, ERASE_TIMES, 1000, ERASE_US_MIN, ERASE_US_MAX);
	return OK;
}
