/* SPDX-License-Identifier: ISC */
/* Pages of a disk in memory. */
#ifndef STORAGE_CACHE_CFG_H
#define STORAGE_CACHE_CFG_H

#include <fata/module.h>

#include "runtime/disk/disk.cfg.h"

struct cache_options {
	unsigned pages; /* of 4 KiB */
};

static inline disk_t cached(disk_t disk, const struct cache_options *o)
{
	enum { PAGES_MIN = 4, PAGES_MAX = 1 << 20, PAGE_BYTES = 4096, RUN_PAGES = 16, ABOUT = 72 };
	const struct fata_spec spec = {
		.kind = "cache",
		.about = fata_text("cache of %u pages over a disk", o->pages),
		.signature = &fata_signature_disk,
		.modules = "storage/cache runtime/disk",
		.headers = "storage/cache/cache.h runtime/disk/disk_lock.h runtime/heap/heap.h",
		.state = "static struct cache $self;\nstatic struct mutex $self_lock;",
		.value = "&$self.disk",
		.start = fata_text(
			"const struct cache_lock lock = {disk_lock, disk_unlock, &$self_lock};\n"
			"void *memory = memory_take($name, CACHE_LINE_BYTES, "
			"CACHE_MEMORY_BYTES(%u));\n"
			"mutex_init(&$self_lock);\n"
			"cache_init(&$self, $disk, memory, %u, &lock);\n"
			"return OK;",
			o->pages, o->pages),
		/* What failed has been counted; nobody is left to tell. */
		.stop = "enum err e = disk_flush(&$self.disk);\n(void)e;",
		.ram_bytes = (uint64_t)(o->pages + RUN_PAGES) * PAGE_BYTES +
			     (uint64_t)o->pages * ABOUT,
		.ram_use = "cached pages of a disk",
	};

	if (o->pages < PAGES_MIN || o->pages > PAGES_MAX)
		fata_fault("a cache of %u pages: expected %u to %u", o->pages, PAGES_MIN,
			   PAGES_MAX);
	return (disk_t){
		fata_device(&spec, NULL, FATA_USES({"disk", disk.node}, {"loop", fata_loop()}))};
}

#define CACHE_DEFAULTS     .pages = 64
#define CACHE_OPTIONS(...) (&(const struct cache_options){CACHE_DEFAULTS, __VA_ARGS__})
#define cached(DISK, ...)  FATA_HERE(cached((DISK), CACHE_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(cached, "disk_t cached(disk_t disk, " FATA_TEXT_OF(CACHE_DEFAULTS) ")",
	    "pages of a disk in memory: reads ahead, writes back at a flush")

#endif
