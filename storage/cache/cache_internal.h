/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder: cache_pages.c has the pages, cache.c is the disk.
 */
#ifndef STORAGE_CACHE_CACHE_INTERNAL_H
#define STORAGE_CACHE_CACHE_INTERNAL_H

#include "storage/cache/cache.h"

/* No page is in use. */
void cache_pages_init(struct cache *c, void *memory);

/* The memory of a page, and how many sectors of the disk it has: the last one may be short. */
uint8_t *cache_page_bytes(const struct cache *c, const struct cache_page *p);
uint32_t cache_page_sectors(const struct cache *c, uint64_t number);

/* The page in memory that holds page `number` of the disk, or NULL. */
struct cache_page *cache_find(const struct cache *c, uint64_t number);

/* It was used just now. */
void cache_touch(struct cache *c, struct cache_page *p);

/*
 * A page for page `number` of the disk, which none holds: the one that was not used for longest,
 * written back if it must be. Its content is the caller's business. The error of the write-back:
 * all pages stay as they are.
 */
MUST_USE enum err cache_take(struct cache *c, uint64_t number, struct cache_page **out);

/* It holds nothing any more; what is dirty in it is lost. */
void cache_forget(struct cache *c, struct cache_page *p);

/* It holds what the disk does not. */
void cache_set_dirty(struct cache *c, struct cache_page *p);

/* Writes back until `max` pages at most are dirty, the oldest first. */
MUST_USE enum err cache_write_back(struct cache *c, uint32_t max);

#endif
