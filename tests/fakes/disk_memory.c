/* SPDX-License-Identifier: ISC */
#include "tests/fakes/disk_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

static struct disk_memory *memory_of(struct disk *d)
{
	return container_of(d, struct disk_memory, disk);
}

static uint8_t *at(struct disk_memory *m, uint8_t *bytes, uint64_t sector)
{
	return &bytes[sector * m->disk.sector_bytes];
}

/* --- losing power ----------------------------------------------------------------------------- */

static void forget_unsafe(struct disk_memory *m)
{
	for (size_t i = 0; i < m->n_unsafe; i++)
		free(m->unsafe[i].bytes);
	m->n_unsafe = 0;
}

static void note_unsafe(struct disk_memory *m, uint64_t sector)
{
	uint8_t *copy = malloc(m->disk.sector_bytes);

	if (m->n_unsafe == m->room) {
		m->room = m->room > 0 ? 2 * m->room : 64;
		m->unsafe = realloc(m->unsafe, m->room * sizeof(m->unsafe[0]));
	}
	assert(copy != NULL && m->unsafe != NULL);
	memcpy(copy, at(m, m->bytes, sector), m->disk.sector_bytes);
	m->unsafe[m->n_unsafe++] = (struct disk_memory_change){sector, copy};
}

static void make_safe(struct disk_memory *m)
{
	for (size_t i = 0; i < m->n_unsafe; i++)
		memcpy(at(m, m->stable, m->unsafe[i].sector), m->unsafe[i].bytes,
		       m->disk.sector_bytes);
	forget_unsafe(m);
}

static void garble(struct disk_memory *m, uint8_t *sector)
{
	uint32_t from = (uint32_t)random_below(&m->random, m->disk.sector_bytes);
	uint32_t n = (uint32_t)random_between(&m->random, 1, m->disk.sector_bytes - from);

	while (n-- > 0)
		sector[from++] = (uint8_t)random_u64(&m->random);
}

/*
 * How likely a change is there, in a millionth, is drawn for each cut, so that all, nothing and
 * single ones happen often. A later change of a sector may be lost and an earlier one be there.
 */
void disk_memory_cut(struct disk_memory *m)
{
	static const uint32_t likely_ppm[] = {0, 100000, 500000, 900000, 1000000};
	uint32_t ppm = likely_ppm[random_below(&m->random, ARRAY_SIZE(likely_ppm))];
	size_t in_order = random_below(&m->random, m->n_unsafe + 1);

	assert(m->stable != NULL);
	for (size_t i = 0; i < m->n_unsafe; i++) {
		uint8_t *sector = at(m, m->stable, m->unsafe[i].sector);
		bool there = (m->cut_flags & DISK_MEMORY_IN_ORDER) != 0
				     ? i < in_order
				     : random_hits(&m->random, ppm);

		if (there)
			memcpy(sector, m->unsafe[i].bytes, m->disk.sector_bytes);
		if ((m->cut_flags & DISK_MEMORY_GARBLES) != 0 && random_hits(&m->random, 50000))
			garble(m, sector);
	}
	forget_unsafe(m);
	m->cut_in = 0;
	m->dead = ERR_IO;
	memcpy(m->bytes, m->stable, m->disk.sectors * m->disk.sector_bytes);
}

/* Notes that sectors have changed, which may be the last that happens. */
static enum err changed(struct disk_memory *m, uint64_t sector, uint64_t count)
{
	if (m->stable == NULL)
		return OK;
	for (uint64_t i = 0; i < count; i++)
		note_unsafe(m, sector + i);
	if (m->cut_in == 0 || --m->cut_in > 0)
		return OK;
	disk_memory_cut(m);
	return m->dead;
}

/* --- the calls -------------------------------------------------------------------------------- */

static enum err begin(struct disk_memory *m, enum disk_memory_call call, uint64_t sectors)
{
	if (m->dead != OK)
		return m->dead;
	m->calls[call]++;
	m->sectors[call] += sectors;
	if (m->fail_in[call] == 0 || --m->fail_in[call] > 0)
		return OK;
	if (m->fail_more[call] > 0) {
		m->fail_more[call]--;
		m->fail_in[call] = 1;
	}
	return m->fail_with[call];
}

static bool has_bad(const struct disk_memory *m, uint64_t sector, uint32_t count)
{
	return m->bad >= sector && m->bad - sector < count;
}

static enum err memory_read(struct disk *d, uint64_t sector, uint32_t count, void *out)
{
	struct disk_memory *m = memory_of(d);
	enum err e = begin(m, DISK_MEMORY_READ, count);

	if (e == OK && has_bad(m, sector, count))
		e = ERR_IO;
	if (e == OK)
		memcpy(out, at(m, m->bytes, sector), (size_t)count * d->sector_bytes);
	return e;
}

static enum err memory_write(struct disk *d, uint64_t sector, uint32_t count, const void *bytes)
{
	struct disk_memory *m = memory_of(d);
	enum err e = begin(m, DISK_MEMORY_WRITE, count);

	if (e != OK)
		return e;
	memcpy(at(m, m->bytes, sector), bytes, (size_t)count * d->sector_bytes);
	if (has_bad(m, sector, count))
		m->bad = UINT64_MAX;
	return changed(m, sector, count);
}

static enum err memory_zero(struct disk *d, uint64_t sector, uint64_t count)
{
	struct disk_memory *m = memory_of(d);
	enum err e = begin(m, DISK_MEMORY_ZERO, count);

	if (e != OK)
		return e;
	memset(at(m, m->bytes, sector), 0, (size_t)count * d->sector_bytes);
	return changed(m, sector, count);
}

static enum err memory_discard(struct disk *d, uint64_t sector, uint64_t count)
{
	struct disk_memory *m = memory_of(d);
	enum err e = begin(m, DISK_MEMORY_DISCARD, count);

	if (e != OK)
		return e;
	memset(at(m, m->bytes, sector), 0xd5, (size_t)count * d->sector_bytes);
	return changed(m, sector, count);
}

static enum err memory_flush(struct disk *d)
{
	struct disk_memory *m = memory_of(d);
	enum err e = begin(m, DISK_MEMORY_FLUSH, 0);

	if (e == OK && m->stable != NULL)
		make_safe(m);
	return e;
}

/* --- for tests -------------------------------------------------------------------------------- */

void disk_memory_init(struct disk_memory *m, uint64_t sectors, uint32_t sector_bytes)
{
	static const struct disk_ops ops = {
		.read = memory_read,
		.write = memory_write,
		.zero = memory_zero,
		.discard = memory_discard,
		.flush = memory_flush,
	};

	*m = (struct disk_memory){
		.disk = {.ops = &ops,
			 .name = "memory",
			 .sectors = sectors,
			 .sector_bytes = sector_bytes},
		.bad = UINT64_MAX,
		.bytes = calloc(sectors, sector_bytes),
	};
	assert(m->bytes != NULL);
}

void disk_memory_fini(struct disk_memory *m)
{
	forget_unsafe(m);
	free(m->unsafe);
	free(m->stable);
	free(m->bytes);
	*m = (struct disk_memory){0};
}

void disk_memory_copy(struct disk_memory *to, const struct disk_memory *from)
{
	size_t bytes = from->disk.sectors * from->disk.sector_bytes;

	assert(to->disk.sectors * to->disk.sector_bytes == bytes);
	forget_unsafe(to);
	memcpy(to->bytes, from->bytes, bytes);
	if (to->stable != NULL)
		memcpy(to->stable, from->bytes, bytes);
}

uint64_t disk_memory_changes(const struct disk_memory *m)
{
	return m->calls[DISK_MEMORY_WRITE] + m->calls[DISK_MEMORY_ZERO] +
	       m->calls[DISK_MEMORY_DISCARD];
}

void disk_memory_fail(struct disk_memory *m, enum disk_memory_call call, uint64_t n, enum err e)
{
	m->fail_in[call] = n;
	m->fail_more[call] = 0;
	m->fail_with[call] = e;
}

void disk_memory_fail_next(struct disk_memory *m, enum disk_memory_call call, uint64_t n,
			   enum err e)
{
	disk_memory_fail(m, call, n > 0, e);
	m->fail_more[call] = n > 0 ? n - 1 : 0;
}

void disk_memory_die(struct disk_memory *m, enum err e)
{
	m->dead = e;
}

void disk_memory_cut_at(struct disk_memory *m, uint64_t n, uint64_t seed, unsigned flags)
{
	size_t bytes = m->disk.sectors * m->disk.sector_bytes;

	forget_unsafe(m);
	if (m->stable == NULL)
		m->stable = malloc(bytes);
	assert(m->stable != NULL);
	memcpy(m->stable, m->bytes, bytes);
	m->random.state = seed;
	m->cut_in = n;
	m->cut_flags = flags;
}

bool disk_memory_is_off(const struct disk_memory *m)
{
	return m->dead != OK;
}

void disk_memory_power_on(struct disk_memory *m)
{
	m->dead = OK;
	m->cut_in = 0;
	memset(m->fail_in, 0, sizeof(m->fail_in));
}
