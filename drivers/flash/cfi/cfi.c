/* SPDX-License-Identifier: ISC */
/* Commands: Intel, "Basic Command Set" (application note 646), and of the query JESD68.01. */
#include "drivers/flash/cfi/cfi.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/bytes.h"

enum {
	CHIPS = 2,
	WORD_BYTES = 4, /* of the bank */
	QUERY_AT = 0x55,

	READ_ARRAY = 0xff,
	QUERY = 0x98,
	READ_STATUS = 0x70,
	CLEAR_STATUS = 0x50,
	PROGRAM_WORD = 0x40,
	PROGRAM_BUFFER = 0xe8,
	ERASE_BLOCK = 0x20,
	CONFIRM = 0xd0,

	READY = 0x80,
	FAULTS = 0x3a, /* erasing, programming, voltage, protected */
};

/* A command, or a count, for both chips. */
static uint32_t both(uint32_t value)
{
	return value << 16 | value;
}

static void command(const struct cfi *c, uint64_t at, uint32_t value)
{
	mmio_write32(c->base + (uintptr_t)at, both(value));
}

/* --- what it is ------------------------------------------------------------------------------ */

/* False: the two chips do not say the same. */
static bool read_query(const struct cfi *c, uint8_t query[static CFI_QUERY_END])
{
	bool same = true;

	command(c, QUERY_AT * WORD_BYTES, QUERY);
	for (unsigned i = CFI_QUERY_FIRST; i < CFI_QUERY_END; i++) {
		uint32_t word = mmio_read32(c->base + i * WORD_BYTES);

		query[i - CFI_QUERY_FIRST] = (uint8_t)word;
		same = same && (word & 0xff) == (word >> 16 & 0xff);
	}
	command(c, 0, READ_ARRAY);
	return same;
}

/* --- commands -------------------------------------------------------------------------------- */

/* Waits for both chips, which were told to show their status at `at`. */
static enum err await(struct cfi *c, uint64_t at, uint32_t us)
{
	uint64_t end = timer_now_us(c->timer) + us;
	uint32_t status;

	while (((status = mmio_read32(c->base + (uintptr_t)at)) & both(READY)) != both(READY)) {
		if (timer_now_us(c->timer) >= end) {
			c->stats.timeouts++;
			return ERR_TIMEOUT;
		}
		cpu_relax();
	}
	if ((status & both(FAULTS)) == 0)
		return OK;
	c->stats.refused++;
	return ERR_IO;
}

/* Back to memory, with no fault left. */
static enum err finish(const struct cfi *c, uint64_t at, enum err e)
{
	if (e != OK)
		command(c, at, CLEAR_STATUS);
	command(c, at, READ_ARRAY);
	return e;
}

static enum err program_word(struct cfi *c, uint64_t at, const uint8_t *bytes)
{
	command(c, at, PROGRAM_WORD);
	mmio_write32(c->base + (uintptr_t)at, load_le32(bytes));
	return await(c, at, c->program_us);
}

/* Up to a buffer, which does not cross a multiple of its size. */
static enum err program_buffer(struct cfi *c, uint64_t at, const uint8_t *bytes, uint32_t len)
{
	enum err e;

	command(c, at, PROGRAM_BUFFER);
	e = await(c, at, c->program_us); /* until the buffer is free */
	if (e != OK)
		return e;
	command(c, at, len / WORD_BYTES - 1); /* words of each chip, less one */
	for (uint32_t i = 0; i < len; i += WORD_BYTES)
		mmio_write32(c->base + (uintptr_t)at + i, load_le32(&bytes[i]));
	command(c, at, CONFIRM);
	return await(c, at, c->program_us);
}

/* --- the flash ------------------------------------------------------------------------------- */

static struct cfi *of(struct flash *f)
{
	return container_of(f, struct cfi, flash);
}

/* By whole words, which device memory needs. */
static enum err read(struct flash *f, uint64_t at, void *out, size_t len)
{
	uintptr_t base = of(f)->base;
	uint8_t *to = out;

	while (len > 0) {
		unsigned skip = (unsigned)(at % WORD_BYTES);
		unsigned n = (unsigned)MIN(len, (size_t)(WORD_BYTES - skip));
		uint32_t word = mmio_read32(base + (uintptr_t)(at - skip)) >> 8 * skip;

		at += n;
		len -= n;
		for (; n > 0; n--, word >>= 8)
			*to++ = (uint8_t)word;
	}
	return OK;
}

static enum err program(struct flash *f, uint64_t at, const void *bytes, size_t len)
{
	struct cfi *c = of(f);
	const uint8_t *from = bytes;
	uint64_t first = at;
	enum err e = OK;

	for (uint32_t n; len > 0 && e == OK; len -= n, from += n, at += n) {
		uint32_t room = WORD_BYTES;

		if (c->buffer_bytes != 0)
			room = c->buffer_bytes - (uint32_t)(at % c->buffer_bytes);
		n = (uint32_t)MIN(len, (size_t)room);
		e = n > WORD_BYTES ? program_buffer(c, at, from, n) : program_word(c, at, from);
		if (e == OK)
			c->stats.programmed += n;
	}
	return finish(c, first, e);
}

static enum err erase(struct flash *f, uint32_t block)
{
	struct cfi *c = of(f);
	uint64_t at = (uint64_t)block * f->block_bytes;
	enum err e;

	command(c, at, ERASE_BLOCK);
	command(c, at, CONFIRM);
	e = await(c, at, c->erase_us);
	if (e == OK)
		c->stats.erased++;
	return finish(c, at, e);
}

static enum err sync(struct flash *f)
{
	(void)f;
	return OK;
}

enum err cfi_init(struct cfi *c, uintptr_t base, size_t bytes, struct timer *timer,
		  const char *name)
{
	static const struct flash_ops ops = {
		.read = read, .program = program, .erase = erase, .sync = sync};
	uint8_t query[CFI_QUERY_END];
	struct cfi_geometry g;
	enum err e;

	*c = (struct cfi){.flash = {.ops = &ops, .name = name}, .base = base, .timer = timer};
	if (!read_query(c, query))
		return ERR_NODEV;
	e = cfi_query_parse(&g, query, bytes / CHIPS);
	if (e != OK)
		return e;
	c->flash.blocks = g.blocks;
	c->flash.block_bytes = g.block_bytes * CHIPS;
	c->flash.program_bytes = WORD_BYTES;
	c->buffer_bytes = g.buffer_bytes * CHIPS;
	c->program_us = g.program_us;
	c->erase_us = g.erase_us;
	return OK;
}
