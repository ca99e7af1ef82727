/* SPDX-License-Identifier: ISC */
#include "tests/fakes/flash_memory.h"

#include <stdlib.h>

/* Of one unit that was programmed, or of a block that was erased. */
struct flash_memory_change {
	bool is_erase;
	uint64_t at; /* of bytes */
};

static struct flash_memory *memory_of(struct flash *f)
{
	return container_of(f, struct flash_memory, flash);
}

static void *take(size_t n, size_t bytes)
{
	void *p = calloc(n, bytes);

	assert(p != NULL);
	return p;
}

static size_t units(const struct flash_memory *m)
{
	return flash_bytes(&m->flash) / m->flash.program_bytes;
}

/* Counts a call; not OK: what it answers instead of doing anything. */
static enum err enter(struct flash_memory *m, enum flash_memory_call call)
{
	m->calls[call]++;
	if (m->dead != OK)
		return m->dead;
	if (m->fail_in[call] > 0 && --m->fail_in[call] == 0)
		return m->fail_with[call];
	return OK;
}

static void noise(struct flash_memory *m, uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)random_u64(&m->random);
}

/* What the i-th change that may be lost has programmed. */
static uint8_t *bytes_of(const struct flash_memory *m, size_t i)
{
	return &m->unsafe_bytes[i * m->flash.program_bytes];
}

static void note(struct flash_memory *m, bool is_erase, uint64_t at, const uint8_t *bytes)
{
	if (!m->cuts)
		return;
	if (m->n_unsafe == m->room) {
		m->room = m->room * 2 + 16;
		m->unsafe = realloc(m->unsafe, m->room * sizeof(*m->unsafe));
		m->unsafe_bytes = realloc(m->unsafe_bytes, m->room * m->flash.program_bytes);
		assert(m->unsafe != NULL && m->unsafe_bytes != NULL);
	}
	if (!is_erase)
		memcpy(bytes_of(m, m->n_unsafe), bytes, m->flash.program_bytes);
	m->unsafe[m->n_unsafe++] = (struct flash_memory_change){.is_erase = is_erase, .at = at};
}

static bool is_blank(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != 0xff)
			return false;
	}
	return true;
}

static void put_unit(const struct flash_memory *m, uint8_t *bytes, bool *programmed, uint64_t at,
		     const uint8_t *unit)
{
	memcpy(&bytes[at], unit, m->flash.program_bytes);
	programmed[at / m->flash.program_bytes] = !is_blank(unit, m->flash.program_bytes);
}

static void put_erased(struct flash_memory *m, uint8_t *bytes, bool *programmed, uint64_t at,
		       bool half)
{
	uint32_t len = m->flash.block_bytes;

	/* Of one that is half erased a part, from either end, may be as it was. */
	if (half && random_below(&m->random, 2) == 0) {
		uint32_t kept = (uint32_t)random_below(&m->random, len);

		memset(&programmed[at / m->flash.program_bytes], true,
		       len / m->flash.program_bytes);
		if (random_below(&m->random, 2) == 0)
			memset(&bytes[at + kept], 0xff, len - kept);
		else
			memset(&bytes[at], 0xff, len - kept);
		return;
	}
	if (half || (m->flags & FLASH_MEMORY_NOISE) != 0)
		noise(m, &bytes[at], len);
	else
		memset(&bytes[at], 0xff, len);
	memset(&programmed[at / m->flash.program_bytes], half, len / m->flash.program_bytes);
}

/* What is left of the i-th change after a cut. `torn`: it was under way. */
static void survive(struct flash_memory *m, size_t i, bool torn)
{
	const struct flash_memory_change *c = &m->unsafe[i];
	bool in_order = (m->flags & FLASH_MEMORY_IN_ORDER) != 0;
	unsigned fate = in_order && !torn ? 0 : (unsigned)random_below(&m->random, 4);
	uint8_t unit[65536];

	if (c->is_erase) {
		/* 0, 1: done; 2: half; 3: not begun. */
		if (fate != 3)
			put_erased(m, m->stable, m->stable_programmed, c->at, fate == 2);
		return;
	}
	assert(m->flash.program_bytes <= sizeof(unit));
	bool *unreadable = &m->stable_unreadable[c->at / m->flash.program_bytes];

	if (fate == 3 && (m->flags & FLASH_MEMORY_UNREADABLE) != 0) {
		*unreadable = true;
		m->stable_programmed[c->at / m->flash.program_bytes] = true;
	} else if (fate == 3 && (m->flags & FLASH_MEMORY_GARBLES) != 0) {
		noise(m, unit, m->flash.program_bytes);
		put_unit(m, m->stable, m->stable_programmed, c->at, unit);
		*unreadable = false;
	} else if (fate < 2) {
		put_unit(m, m->stable, m->stable_programmed, c->at, bytes_of(m, i));
		*unreadable = false;
	}
}

/* `last`: how many of the changes belong to the call that was under way. */
static void cut(struct flash_memory *m, size_t last)
{
	size_t whole = m->n_unsafe - last;
	size_t n = m->n_unsafe;

	if ((m->flags & FLASH_MEMORY_PREFIX) != 0 && last > 1) {
		n = whole + random_below(&m->random, last + 1);
		last = n > whole ? 1 : 0;
	}
	for (size_t i = 0; i < n; i++)
		survive(m, i, i + last >= n);
	m->n_unsafe = 0;
	m->dead = ERR_IO;
	m->cut_in = 0;
}

static bool is_cut_now(struct flash_memory *m)
{
	return m->cut_in > 0 && --m->cut_in == 0;
}

static enum err fake_read(struct flash *f, uint64_t at, void *out, size_t len)
{
	struct flash_memory *m = memory_of(f);
	enum err e = enter(m, FLASH_MEMORY_READ);

	if (e != OK)
		return e;
	m->bytes_read += len;
	uint64_t first = at / f->program_bytes;

	if (len > 0 &&
	    memchr(&m->unreadable[first], true, (at + len - 1) / f->program_bytes + 1 - first))
		return ERR_IO;
	memcpy(out, &m->bytes[at], len);
	return OK;
}

static enum err fake_program(struct flash *f, uint64_t at, const void *bytes, size_t len)
{
	struct flash_memory *m = memory_of(f);
	uint32_t unit = f->program_bytes;
	enum err e = enter(m, FLASH_MEMORY_PROGRAM);

	if (e != OK)
		return e;
	assert(len > 0 && at / f->block_bytes == (at + len - 1) / f->block_bytes);
	m->bytes_programmed += len;
	for (size_t i = 0; i < len; i += unit) {
		assert(!m->programmed[(at + i) / unit]);
		put_unit(m, m->bytes, m->programmed, at + i, (const uint8_t *)bytes + i);
		m->unreadable[(at + i) / unit] = false;
		note(m, false, at + i, (const uint8_t *)bytes + i);
		/* A worn block takes a part. */
		if (m->worn[at / f->block_bytes] && i >= len / 2)
			return ERR_IO;
	}
	if (is_cut_now(m)) {
		cut(m, len / unit);
		return ERR_IO;
	}
	return OK;
}

static enum err fake_erase(struct flash *f, uint32_t block)
{
	struct flash_memory *m = memory_of(f);
	enum err e = enter(m, FLASH_MEMORY_ERASE);

	if (e != OK)
		return e;
	if (m->endures > 0 && m->erases[block] >= m->endures)
		m->worn[block] = true;
	if (m->worn[block])
		return ERR_IO;
	m->erases[block]++;
	put_erased(m, m->bytes, m->programmed, (uint64_t)block * f->block_bytes, false);
	note(m, true, (uint64_t)block * f->block_bytes, NULL);
	if (is_cut_now(m)) {
		cut(m, 1);
		return ERR_IO;
	}
	return OK;
}

static void make_stable(struct flash_memory *m)
{
	if (!m->cuts)
		return;
	memcpy(m->stable, m->bytes, flash_bytes(&m->flash));
	memcpy(m->stable_programmed, m->programmed, units(m) * sizeof(bool));
	memcpy(m->stable_unreadable, m->unreadable, units(m) * sizeof(bool));
	m->n_unsafe = 0;
}

static enum err fake_sync(struct flash *f)
{
	struct flash_memory *m = memory_of(f);
	enum err e = enter(m, FLASH_MEMORY_SYNC);

	if (e != OK)
		return e;
	for (size_t i = 0; m->cuts && i < m->n_unsafe; i++) {
		const struct flash_memory_change *c = &m->unsafe[i];

		/* What reads see is what is safe from now on; noise, too, is the same again. */
		memcpy(&m->stable[c->at], &m->bytes[c->at],
		       c->is_erase ? f->block_bytes : f->program_bytes);
		memcpy(&m->stable_programmed[c->at / f->program_bytes],
		       &m->programmed[c->at / f->program_bytes],
		       c->is_erase ? f->block_bytes / f->program_bytes : 1);
		if (!c->is_erase)
			m->stable_unreadable[c->at / f->program_bytes] = false;
	}
	m->n_unsafe = 0;
	return OK;
}

void flash_memory_init(struct flash_memory *m, uint32_t blocks, uint32_t block_bytes,
		       uint32_t program_bytes, unsigned flags)
{
	static const struct flash_ops ops = {
		.read = fake_read, .program = fake_program, .erase = fake_erase, .sync = fake_sync};

	*m = (struct flash_memory){
		.flash = {.ops = &ops,
			  .name = "flash_memory",
			  .blocks = blocks,
			  .block_bytes = block_bytes,
			  .program_bytes = program_bytes},
		.flags = flags,
		.random.state = 1,
	};
	m->bytes = take(flash_bytes(&m->flash), 1);
	m->programmed = take(units(m), sizeof(bool));
	m->unreadable = take(units(m), sizeof(bool));
	m->erases = take(blocks, sizeof(uint32_t));
	m->worn = take(blocks, sizeof(bool));
	for (uint32_t i = 0; i < blocks; i++)
		put_erased(m, m->bytes, m->programmed, (uint64_t)i * block_bytes, false);
}

void flash_memory_fini(struct flash_memory *m)
{
	free(m->bytes);
	free(m->programmed);
	free(m->unreadable);
	free(m->erases);
	free(m->worn);
	free(m->stable);
	free(m->stable_programmed);
	free(m->stable_unreadable);
	free(m->unsafe);
	free(m->unsafe_bytes);
}

void flash_memory_copy(struct flash_memory *to, const struct flash_memory *from)
{
	memcpy(to->bytes, from->bytes, flash_bytes(&from->flash));
	memcpy(to->programmed, from->programmed, units(from) * sizeof(bool));
	memcpy(to->unreadable, from->unreadable, units(from) * sizeof(bool));
	memcpy(to->erases, from->erases, from->flash.blocks * sizeof(uint32_t));
	memcpy(to->worn, from->worn, from->flash.blocks * sizeof(bool));
	make_stable(to);
}

uint64_t flash_memory_changes(const struct flash_memory *m)
{
	return m->calls[FLASH_MEMORY_PROGRAM] + m->calls[FLASH_MEMORY_ERASE];
}

void flash_memory_fail(struct flash_memory *m, enum flash_memory_call call, uint64_t n, enum err e)
{
	m->fail_in[call] = n;
	m->fail_with[call] = e;
}

void flash_memory_die(struct flash_memory *m, enum err e)
{
	m->dead = e;
}

void flash_memory_cut_at(struct flash_memory *m, uint64_t n, uint64_t seed, unsigned flags)
{
	if (!m->cuts) {
		m->cuts = true;
		m->stable = take(flash_bytes(&m->flash), 1);
		m->stable_programmed = take(units(m), sizeof(bool));
		m->stable_unreadable = take(units(m), sizeof(bool));
	}
	make_stable(m);
	m->cut_in = n;
	m->flags = (m->flags & FLASH_MEMORY_NOISE) | flags;
	m->random.state = seed;
}

void flash_memory_cut(struct flash_memory *m)
{
	assert(m->cuts);
	cut(m, 0);
}

bool flash_memory_is_off(const struct flash_memory *m)
{
	return m->dead != OK;
}

void flash_memory_power_on(struct flash_memory *m)
{
	assert(m->cuts);
	m->n_unsafe = 0;
	memcpy(m->bytes, m->stable, flash_bytes(&m->flash));
	memcpy(m->programmed, m->stable_programmed, units(m) * sizeof(bool));
	memcpy(m->unreadable, m->stable_unreadable, units(m) * sizeof(bool));
	memset(m->fail_in, 0, sizeof(m->fail_in));
	m->dead = OK;
	m->cut_in = 0;
}
