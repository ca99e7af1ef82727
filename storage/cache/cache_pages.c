/* SPDX-License-Identifier: ISC */
#include "storage/cache/cache_internal.h"

#include <string.h>

static struct list *bucket_of(const struct cache *c, uint64_t number)
{
	uint64_t hash = number * UINT64_C(0x9e3779b97f4a7c15);

	return (struct list *)(uintptr_t)&c->bucket[hash >> 58];
}

_Static_assert(CACHE_BUCKETS == 1 << (64 - 58), "a bucket for each hash");

void cache_pages_init(struct cache *c, void *memory)
{
	c->bytes = memory;
	c->run = c->bytes + (size_t)c->n * CACHE_PAGE_BYTES;
	c->pages = (void *)(c->run + (size_t)CACHE_RUN_PAGES * CACHE_PAGE_BYTES);
	list_init(&c->used);
	list_init(&c->dirty);
	for (unsigned i = 0; i < CACHE_BUCKETS; i++)
		list_init(&c->bucket[i]);
	for (uint32_t i = 0; i < c->n; i++) {
		struct cache_page *p = &c->pages[i];

		*p = (struct cache_page){.number = UINT64_MAX};
		list_init(&p->bucket);
		list_init(&p->dirty);
		list_push_back(&c->used, &p->used);
	}
}

uint8_t *cache_page_bytes(const struct cache *c, const struct cache_page *p)
{
	return c->bytes + (size_t)(p - c->pages) * CACHE_PAGE_BYTES;
}

uint32_t cache_page_sectors(const struct cache *c, uint64_t number)
{
	uint64_t first = number * c->page_sectors;

	return (uint32_t)MIN((uint64_t)c->page_sectors, c->disk.sectors - first);
}

struct cache_page *cache_find(const struct cache *c, uint64_t number)
{
	list_for_each (node, bucket_of(c, number)) {
		struct cache_page *p = list_entry(node, struct cache_page, bucket);

		if (p->number == number)
			return p;
	}
	return NULL;
}

void cache_touch(struct cache *c, struct cache_page *p)
{
	list_remove(&p->used);
	list_push_front(&c->used, &p->used);
}

static void set_clean(struct cache *c, struct cache_page *p)
{
	if (list_empty(&p->dirty))
		return;
	list_remove(&p->dirty);
	c->n_dirty--;
}

void cache_forget(struct cache *c, struct cache_page *p)
{
	set_clean(c, p);
	list_remove(&p->bucket);
	p->number = UINT64_MAX;
	p->is_ahead = false;
	list_remove(&p->used);
	list_push_back(&c->used, &p->used);
}

void cache_set_dirty(struct cache *c, struct cache_page *p)
{
	if (!list_empty(&p->dirty))
		return;
	list_push_back(&c->dirty, &p->dirty);
	c->n_dirty++;
}

enum err cache_take(struct cache *c, uint64_t number, struct cache_page **out)
{
	struct cache_page *p = list_entry(c->used.prev, struct cache_page, used);

	if (!list_empty(&p->dirty)) {
		/* The older ones go first. */
		enum err e = OK;

		while (e == OK && !list_empty(&p->dirty))
			e = cache_write_back(c, c->n_dirty - 1);
		if (e != OK)
			return e;
	}
	cache_forget(c, p);
	p->number = number;
	list_push_back(bucket_of(c, number), &p->bucket);
	cache_touch(c, p);
	*out = p;
	return OK;
}

/*
 * The oldest dirty page, and those that became dirty right after it and lie right behind it, are
 * gathered for one transfer. Returns how many.
 */
static unsigned gather(struct cache *c, struct cache_page *run[static CACHE_RUN_PAGES])
{
	unsigned n = 0;

	list_for_each (node, &c->dirty) {
		struct cache_page *p = list_entry(node, struct cache_page, dirty);

		if (n == CACHE_RUN_PAGES || (n > 0 && p->number != run[n - 1]->number + 1))
			break;
		run[n++] = p;
	}
	return n;
}

static enum err write_run(struct cache *c, struct cache_page *const run[], unsigned n)
{
	const uint8_t *from = cache_page_bytes(c, run[0]);
	uint32_t sectors = 0;

	for (unsigned i = 0; i < n; i++) {
		if (n > 1)
			memcpy(c->run + (size_t)i * CACHE_PAGE_BYTES, cache_page_bytes(c, run[i]),
			       CACHE_PAGE_BYTES);
		sectors += cache_page_sectors(c, run[i]->number);
	}
	return disk_write(c->below, run[0]->number * c->page_sectors, sectors,
			  n > 1 ? c->run : from);
}

enum err cache_write_back(struct cache *c, uint32_t max)
{
	struct cache_page *run[CACHE_RUN_PAGES];

	while (c->n_dirty > max) {
		unsigned n = gather(c, run);
		enum err e = write_run(c, run, n);

		if (e != OK) {
			c->stats.failed++;
			c->failed = e;
			return e;
		}
		for (unsigned i = 0; i < n; i++)
			set_clean(c, run[i]);
		c->stats.written_back += n;
	}
	return OK;
}
