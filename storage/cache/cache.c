/* SPDX-License-Identifier: ISC */
#include "storage/cache/cache_internal.h"

#include <string.h>

static struct cache *of(struct disk *d)
{
	return container_of(d, struct cache, disk);
}

static void enter(struct cache *c)
{
	if (c->lock.lock != NULL)
		c->lock.lock(c->lock.arg);
}

static enum err leave(struct cache *c, enum err e)
{
	if (c->lock.unlock != NULL)
		c->lock.unlock(c->lock.arg);
	return e;
}

/* The part of a run of sectors that lies in one page. */
struct part {
	uint64_t page;
	uint32_t first, count; /* sectors, within the page */
	size_t offset, len;    /* the same in bytes */
};

static struct part part_of(const struct cache *c, uint64_t sector, uint64_t count)
{
	struct part p = {.page = sector / c->page_sectors,
			 .first = (uint32_t)(sector % c->page_sectors)};

	p.count = (uint32_t)MIN(count, (uint64_t)(c->page_sectors - p.first));
	p.offset = (size_t)p.first * c->disk.sector_bytes;
	p.len = (size_t)p.count * c->disk.sector_bytes;
	return p;
}

static enum err fill(struct cache *c, struct cache_page *p)
{
	enum err e = disk_read(c->below, p->number * c->page_sectors,
			       cache_page_sectors(c, p->number), cache_page_bytes(c, p));

	if (e != OK)
		cache_forget(c, p);
	return e;
}

/* --- reading ahead --------------------------------------------------------------------------- */

/* How many pages from `number` on are read at once: none of them is held. */
static unsigned pages_ahead(struct cache *c, uint64_t number)
{
	uint64_t end = (c->disk.sectors + c->page_sectors - 1) / c->page_sectors;
	unsigned max, n = 1;

	if (number != c->next_page) {
		c->ahead = 1;
		return 1;
	}
	c->ahead = MIN(2 * c->ahead, (unsigned)CACHE_RUN_PAGES);
	max = MIN(c->ahead, c->n / 2);
	while (n < max && number + n < end && cache_find(c, number + n) == NULL)
		n++;
	return n;
}

/* Pages for `n` from `number` on, the first of which was used last; or none. */
static enum err take_run(struct cache *c, uint64_t number, unsigned n,
			 struct cache_page *run[static CACHE_RUN_PAGES])
{
	for (unsigned i = n; i-- > 0;) {
		enum err e = cache_take(c, number + i, &run[i]);

		if (e == OK)
			continue;
		while (++i < n)
			cache_forget(c, run[i]);
		return e;
	}
	return OK;
}

/*
 * Reads them by one transfer. The pages are taken before it: what must be written back for them
 * goes through the same memory.
 */
static enum err read_run(struct cache *c, uint64_t number, unsigned n)
{
	uint32_t sectors = (n - 1) * c->page_sectors + cache_page_sectors(c, number + n - 1);
	struct cache_page *run[CACHE_RUN_PAGES];
	enum err e = take_run(c, number, n, run);

	if (e != OK)
		return e;
	e = disk_read(c->below, number * c->page_sectors, sectors, c->run);
	for (unsigned i = 0; i < n; i++) {
		struct cache_page *p = run[i];

		if (e != OK) {
			cache_forget(c, p);
			continue;
		}
		memcpy(cache_page_bytes(c, p), c->run + (size_t)i * CACHE_PAGE_BYTES,
		       (size_t)cache_page_sectors(c, p->number) * c->disk.sector_bytes);
		p->is_ahead = i > 0;
		c->stats.ahead += i > 0;
	}
	return e;
}

/* NULL: there is no page for it, since none of those that are dirty can go down. */
static enum err fetch(struct cache *c, uint64_t number, struct cache_page **out)
{
	unsigned n = pages_ahead(c, number);

	/* One of those ahead may be what cannot be read, or find no room. */
	if (n > 1) {
		enum err e = read_run(c, number, n);

		/* Whoever did not answer to that will not to the next. */
		if (e == ERR_TIMEOUT || e == ERR_NODEV)
			return e;
	}
	*out = cache_find(c, number);
	if (*out != NULL)
		return OK;
	if (cache_take(c, number, out) == OK)
		return fill(c, *out);
	*out = NULL;
	return OK;
}

/* The page for reading: held, or read; or NULL, as of fetch(). */
static enum err get(struct cache *c, uint64_t number, struct cache_page **out)
{
	enum err e = OK;

	*out = cache_find(c, number);
	if (*out != NULL) {
		c->stats.hits++;
		c->stats.ahead_used += (*out)->is_ahead;
		(*out)->is_ahead = false;
	} else {
		c->stats.misses++;
		e = fetch(c, number, out);
	}
	c->next_page = number + 1;
	if (e == OK && *out != NULL)
		cache_touch(c, *out);
	return e;
}

/* --- past the cache -------------------------------------------------------------------------- */

/* Calls for each page that is held of a run of sectors, with the place of its part in memory. */
static void each_held(struct cache *c, uint64_t sector, uint64_t count, uint8_t *memory,
		      void (*fn)(struct cache *c, struct cache_page *p, const struct part *part,
				 uint8_t *memory))
{
	for (struct part part; count > 0; count -= part.count, sector += part.count) {
		struct cache_page *p;

		part = part_of(c, sector, count);
		p = cache_find(c, part.page);
		if (p != NULL)
			fn(c, p, &part, memory);
		if (memory != NULL)
			memory += part.len;
	}
}

static void take_dirty(struct cache *c, struct cache_page *p, const struct part *part,
		       uint8_t *memory)
{
	if (!list_empty(&p->dirty))
		memcpy(memory, cache_page_bytes(c, p) + part->offset, part->len);
}

static void give(struct cache *c, struct cache_page *p, const struct part *part, uint8_t *memory)
{
	memcpy(cache_page_bytes(c, p) + part->offset, memory, part->len);
}

static void give_zeroes(struct cache *c, struct cache_page *p, const struct part *part,
			uint8_t *memory)
{
	(void)memory;
	memset(cache_page_bytes(c, p) + part->offset, 0, part->len);
}

/* What the disk has there is not known. */
static void forget_clean(struct cache *c, struct cache_page *p, const struct part *part,
			 uint8_t *memory)
{
	(void)part;
	(void)memory;
	if (list_empty(&p->dirty))
		cache_forget(c, p);
}

static void forget_whole(struct cache *c, struct cache_page *p, const struct part *part,
			 uint8_t *memory)
{
	(void)memory;
	if (list_empty(&p->dirty) || part->count == cache_page_sectors(c, p->number))
		cache_forget(c, p);
}

static enum err read_direct(struct cache *c, uint64_t sector, uint32_t count, uint8_t *out)
{
	enum err e = disk_read(c->below, sector, count, out);

	if (e == OK)
		each_held(c, sector, count, out, take_dirty);
	c->stats.direct += count;
	return e;
}

static enum err write_direct(struct cache *c, uint64_t sector, uint32_t count, const uint8_t *bytes)
{
	enum err e = disk_write(c->below, sector, count, bytes);

	each_held(c, sector, count, (uint8_t *)(uintptr_t)bytes, e == OK ? give : forget_clean);
	c->stats.direct += count;
	return e;
}

/* --- the disk -------------------------------------------------------------------------------- */

static enum err read_part(struct cache *c, uint64_t sector, const struct part *part, uint8_t *to)
{
	struct cache_page *p;

	enum err e = get(c, part->page, &p);

	/* A bad place spoils no others of its page. */
	bool may_be_others = e == ERR_IO && part->count < cache_page_sectors(c, part->page);

	if (may_be_others || (e == OK && p == NULL))
		return read_direct(c, sector, part->count, to);
	if (e != OK)
		return e;
	memcpy(to, cache_page_bytes(c, p) + part->offset, part->len);
	return OK;
}

static enum err read(struct disk *d, uint64_t sector, uint32_t count, void *out)
{
	struct cache *c = of(d);
	uint8_t *to = out;
	enum err e = OK;

	enter(c);
	if (count >= c->direct_sectors)
		return leave(c, read_direct(c, sector, count, to));
	for (struct part part; count > 0 && e == OK; count -= part.count) {
		part = part_of(c, sector, count);
		e = read_part(c, sector, &part, to);
		sector += part.count;
		to += part.len;
	}
	return leave(c, e);
}

/*
 * The page for writing: its other sectors are read, if there are any. NULL: one of them is bad, and
 * there is none.
 */
static enum err get_to_write(struct cache *c, const struct part *part, struct cache_page **out)
{
	enum err e = OK;

	*out = cache_find(c, part->page);
	if (*out == NULL) {
		e = cache_take(c, part->page, out);
		if (e != OK)
			return e;
		if (part->count < cache_page_sectors(c, part->page))
			e = fill(c, *out);
		if (e == ERR_IO) {
			*out = NULL;
			return OK;
		}
	}
	if (e == OK)
		cache_touch(c, *out);
	return e;
}

static enum err write_part(struct cache *c, uint64_t sector, const struct part *part,
			   const uint8_t *from)
{
	struct cache_page *p;
	enum err e = get_to_write(c, part, &p);

	if (e != OK)
		return e;
	if (p == NULL)
		return write_direct(c, sector, part->count, from);
	memcpy(cache_page_bytes(c, p) + part->offset, from, part->len);
	p->is_ahead = false;
	cache_set_dirty(c, p);
	/* What cannot go down now is tried again, at the latest by the flush, which tells. */
	if (c->n_dirty > c->n / 2)
		(void)!cache_write_back(c, c->n / 4);
	return OK;
}

static enum err write(struct disk *d, uint64_t sector, uint32_t count, const void *bytes)
{
	struct cache *c = of(d);
	const uint8_t *from = bytes;
	enum err e = OK;

	enter(c);
	if (count >= c->direct_sectors)
		return leave(c, write_direct(c, sector, count, from));
	for (struct part part; count > 0 && e == OK; count -= part.count) {
		part = part_of(c, sector, count);
		e = write_part(c, sector, &part, from);
		sector += part.count;
		from += part.len;
	}
	return leave(c, e);
}

static enum err zero(struct disk *d, uint64_t sector, uint64_t count)
{
	struct cache *c = of(d);
	enum err e;

	enter(c);
	e = disk_zero(c->below, sector, count);
	each_held(c, sector, count, NULL, e == OK ? give_zeroes : forget_clean);
	return leave(c, e);
}

static enum err discard(struct disk *d, uint64_t sector, uint64_t count)
{
	struct cache *c = of(d);

	enter(c);
	each_held(c, sector, count, NULL, forget_whole);
	return leave(c, disk_discard(c->below, sector, count));
}

static enum err flush(struct disk *d)
{
	struct cache *c = of(d);
	enum err e;

	enter(c);
	e = cache_write_back(c, 0);
	if (e == OK)
		e = disk_flush(c->below);
	if (e == OK)
		e = c->failed;
	c->failed = OK;
	return leave(c, e);
}

void cache_init(struct cache *c, struct disk *below, void *memory, uint32_t n,
		const struct cache_lock *lock)
{
	static const struct disk_ops ops = {
		.read = read, .write = write, .zero = zero, .discard = discard, .flush = flush};

	assert(n >= CACHE_PAGES_MIN && (uintptr_t)memory % CACHE_LINE_BYTES == 0);
	assert(below->sectors == 0 ||
	       (below->sector_bytes > 0 && CACHE_PAGE_BYTES % below->sector_bytes == 0));
	*c = (struct cache){
		.disk = *below, .below = below, .n = n, .next_page = UINT64_MAX, .ahead = 1};
	c->disk.ops = &ops;
	if (lock != NULL)
		c->lock = *lock;
	if (below->sectors > 0)
		c->page_sectors = CACHE_PAGE_BYTES / below->sector_bytes;
	c->direct_sectors = MAX(1u, CACHE_RUN_PAGES * c->page_sectors);
	cache_pages_init(c, memory);
}
