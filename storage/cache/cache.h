/* SPDX-License-Identifier: ISC */
/*
 * A disk over a disk that keeps pages of it in a fixed budget of memory.
 *
 * Small reads come from pages of CACHE_PAGE_BYTES, of which the one that was not used for longest
 * gives way. Who reads one page after the other gets the next ones in one transfer before he asks.
 * Writes stay in their page and go down later: when the page is needed, when more than half of all
 * are dirty, and at a flush; always in the order in which the pages became dirty, neighbours in one
 * transfer. So what one flush separates never changes places; between two flushes a disk may do as
 * it likes anyway (hal/disk.h). Reads and writes of `direct_sectors` or more go past the cache, to
 * the caller's memory, after the pages that they touch.
 *
 * A page that cannot be written keeps what it has, and those behind it wait: nothing overtakes it.
 * The next flush tries again, and answers with the error even if that went well; so does a write
 * for which there is no page left. Reads then go past the cache.
 *
 * While one call waits below, another must not enter: cache_lock keeps callers apart, in images
 * a mutex of fibers. All memory is the caller's and stays with it.
 */
#ifndef STORAGE_CACHE_CACHE_H
#define STORAGE_CACHE_CACHE_H

#include "base/list.h"
#include "hal/disk.h"

enum {
	CACHE_PAGE_BYTES = 4096,
	CACHE_PAGES_MIN = 4,
	CACHE_BUCKETS = 64,   /* of the table from sectors to pages */
	CACHE_RUN_PAGES = 16, /* pages of one transfer: read ahead, or written back together */
};

struct cache_stats {
	uint64_t hits, misses; /* pages that were asked for */
	uint64_t ahead;        /* pages read before they were asked for … */
	uint64_t ahead_used;   /* … and of these, those that were */
	uint64_t direct;       /* sectors past the cache */
	uint64_t written_back; /* pages */
	uint32_t failed;       /* write-backs */
};

struct cache_page {
	struct list used;   /* by the time of their use, the latest first */
	struct list bucket; /* of those with the same hash */
	struct list dirty;  /* in the order in which they became so; unlinked: clean */
	uint64_t number;    /* of the page on the disk; UINT64_MAX: holds none */
	bool is_ahead;      /* read before anybody asked for it */
};

/* What callers wait for before they enter; NULL functions: there is only one. */
struct cache_lock {
	void (*lock)(void *arg);
	void (*unlock)(void *arg);
	void *arg;
};

struct cache {
	struct disk disk;
	struct cache_lock lock;
	struct disk *below;
	struct cache_page *pages;
	uint8_t *bytes; /* CACHE_PAGE_BYTES for each */
	uint8_t *run;   /* CACHE_RUN_PAGES of them, for transfers of several pages */
	uint32_t n, n_dirty;
	uint32_t page_sectors, direct_sectors;
	uint64_t next_page; /* that somebody who reads one after the other will read */
	unsigned ahead;     /* pages to read ahead then: more each time, up to CACHE_RUN_PAGES */
	enum err failed;    /* of a write-back since the last flush */
	struct list used, dirty;
	struct list bucket[CACHE_BUCKETS];
	struct cache_stats stats;
};

/* Bytes of memory of `n` pages, with what belongs to them: aligned to CACHE_LINE_BYTES. */
#define CACHE_MEMORY_BYTES(n)                                                                      \
	(((size_t)(n) + CACHE_RUN_PAGES) * CACHE_PAGE_BYTES +                                      \
	 (size_t)(n) * sizeof(struct cache_page))

/*
 * Makes `c` a cache of `n` pages, CACHE_PAGES_MIN at least, over `below`, which stays, in
 * CACHE_MEMORY_BYTES(n) at `memory`. `lock` is copied; NULL: none. Of a disk without a medium it is
 * one without a medium.
 */
void cache_init(struct cache *c, struct disk *below, void *memory, uint32_t n,
		const struct cache_lock *lock);

#endif
