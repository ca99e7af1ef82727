/* SPDX-License-Identifier: ISC */
/*
 * Two flash chips that say anything of themselves, and then anything of how they are. An input is a
 * byte of flags with the window's size, the answer to the query, then a step after the other: what
 * is done, where, how much, all of a byte. Between them stand the bytes that the chips show as
 * their status, a byte each. The driver stays inside the window, waits for no longer than any chip
 * may take, and leaves the chips as memory.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "drivers/flash/cfi/cfi.h"
#include "tests/fakes/cfi_fake.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum {
	BASE = 0x4000000,
	WINDOW_SHIFT = 13, /* 8 KiB to 64 MiB */
	WINDOWS = 14,
	SECOND_DIFFERS = 0x80,
	SECOND_BUSY = 0x40, /* in a status: the second chip's is another */
	WORD_BYTES = 4,
	UNIT = 64, /* of a step's length */
	LEN_MAX = 255 * UNIT,
	READ_ARRAY = 0xff00ff,
	QUERY = 0x980098,
	LOOK_US = 50000, /* that pass with each look at the time */
	PROGRAM_US_MAX = 1000000,
	ERASE_US_MAX = 30000000,
};

static struct {
	const uint8_t *query, *input;
	size_t left;
	size_t window;
	uint8_t flags;
	uint32_t command; /* the last word that was written */
	uint64_t us;
} chips;

static uint8_t next(void)
{
	if (chips.left == 0)
		return 0;
	chips.left--;
	return *chips.input++;
}

static size_t place_of(uintptr_t address)
{
	assert(address >= BASE && address % WORD_BYTES == 0);
	assert(address - BASE <= chips.window - WORD_BYTES);
	return address - BASE;
}

uint32_t cfi_fake_read(uintptr_t address)
{
	size_t place = place_of(address);
	uint32_t one;

	if (chips.command == READ_ARRAY)
		return (uint32_t)place;
	if (chips.command == QUERY) {
		place /= WORD_BYTES;
		assert(place >= CFI_QUERY_FIRST && place < CFI_QUERY_END);
		one = chips.query[place - CFI_QUERY_FIRST];
		return (chips.flags & SECOND_DIFFERS) != 0 ? one : one << 16 | one;
	}
	one = next();
	return ((one & SECOND_BUSY) != 0 ? UINT32_C(0) : one << 16) | one;
}

void cfi_fake_write(uintptr_t address, uint32_t value)
{
	(void)place_of(address);
	chips.command = value;
}

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return chips.us += LOOK_US;
}

static const struct timer_ops timer_ops = {.now_us = now_us};
static struct timer timer = {.ops = &timer_ops};

static bool is_power_of_2(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static void check_geometry(const struct cfi *c)
{
	const struct flash *f = &c->flash;

	assert(f->blocks > 0 && flash_bytes(f) <= chips.window);
	assert(is_power_of_2(f->block_bytes) && f->block_bytes >= 256);
	assert(f->program_bytes == WORD_BYTES);
	assert(c->buffer_bytes == 0 || is_power_of_2(c->buffer_bytes));
	assert(c->buffer_bytes == 0 || c->buffer_bytes > WORD_BYTES);
	assert(c->buffer_bytes <= f->block_bytes);
	assert(c->program_us > 0 && c->program_us <= PROGRAM_US_MAX);
	assert(c->erase_us > 0 && c->erase_us <= ERASE_US_MAX);
}

/* One that takes too long ends it: so it is one wait that may take the whole time. */
static void program(struct cfi *c, uint64_t at, size_t len)
{
	static const uint8_t bytes[LEN_MAX];
	uint64_t begin_us = chips.us, waits = 2 * (len / WORD_BYTES);
	enum err e;

	len = MIN(len, (size_t)(c->flash.block_bytes - at % c->flash.block_bytes));
	e = flash_program(&c->flash, at, bytes, len);
	assert(e == OK || e == ERR_IO || e == ERR_TIMEOUT);
	assert(chips.us - begin_us <= waits * (c->program_us + 2 * LOOK_US));
	assert(e != OK || len == 0 || c->stats.programmed >= len);
}

static void step(struct cfi *c)
{
	static uint8_t out[LEN_MAX];
	uint8_t what = next();
	uint32_t block = next() % c->flash.blocks;
	uint32_t within = next() * UNIT % c->flash.block_bytes;
	uint64_t at = (uint64_t)block * c->flash.block_bytes + within, begin_us = chips.us;
	size_t len = (size_t)next() * UNIT;

	if (what % 3 == 0) {
		program(c, at, len);
	} else if (what % 3 == 1) {
		enum err e = flash_erase(&c->flash, c->flash.blocks - 1 - block);

		assert(e == OK || e == ERR_IO || e == ERR_TIMEOUT);
		assert(chips.us - begin_us <= c->erase_us + 2 * LOOK_US);
	} else {
		len = MIN(len, (size_t)(flash_bytes(&c->flash) - at));
		assert(flash_read(&c->flash, at, out, len) == OK);
		assert(len == 0 || load_le32(out) == at);
	}
	assert(chips.command == READ_ARRAY);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	enum { QUERY_BYTES = CFI_QUERY_END - CFI_QUERY_FIRST };
	static struct cfi c;
	enum err e;

	if (len < 1 + QUERY_BYTES)
		return 0;
	memset(&chips, 0, sizeof(chips));
	chips.flags = bytes[0];
	chips.query = &bytes[1];
	chips.input = &bytes[1 + QUERY_BYTES];
	chips.left = len - 1 - QUERY_BYTES;
	chips.window = (size_t)1 << (WINDOW_SHIFT + chips.flags % WINDOWS);
	chips.command = READ_ARRAY;
	e = cfi_init(&c, BASE, chips.window, &timer, "flash");
	assert(chips.command == READ_ARRAY);
	if (e != OK) {
		assert(c.flash.blocks == 0);
		return 0;
	}
	check_geometry(&c);
	while (chips.left > 0)
		step(&c);
	return 0;
}
