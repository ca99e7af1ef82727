/* SPDX-License-Identifier: ISC */
/* FAT volumes of a disk. */
#ifndef STORAGE_FAT_CFG_H
#define STORAGE_FAT_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"

struct fat_options {
	unsigned cache_bytes; /* of sectors in memory: 8 to 64 of the volume's */
};

static inline struct fata_node *fata_fat(disk_t disk, bool writable, const struct fat_options *o)
{
	enum { CACHE_BYTES_MIN = 8 * 512, CACHE_BYTES_MAX = 64 * 4096 };
	const struct fata_spec spec = {
		.kind = "fat",
		.about = writable ? "FAT volume" : "FAT volume, to read",
		.signature = writable ? &fata_signature_kv_rw : &fata_signature_kv,
		.modules = "storage/fat",
		.headers = "base/wall_clock.h runtime/time.h storage/fat/fat.h",
		.state = fata_text("static struct fat_volume $self;\n"
				   "static ALIGNED(CACHE_LINE_BYTES) uint8_t $self_memory[%u];\n"
				   "\n"
				   "static uint64_t $self_now_s(void *wall)\n"
				   "{\n"
				   "\treturn wall_clock_us(wall, time_now_us()) / US_PER_S;\n"
				   "}",
				   o->cache_bytes),
		.value = writable ? "&$self.kv" : "&$self.kv.kv",
		.start = fata_text("fat_init(&$self, $disk, %s, $self_memory,\n"
				   "\t sizeof($self_memory), $self_now_s, $wall);\n"
				   "return OK;",
				   writable ? "&fat_writing" : "NULL"),
		.stop = writable ? "(void)!fat_unmount(&$self);" : NULL,
		.counters = "metrics_add($page, &fat_counters, &$self.stats, $name);",
	};

	if (o->cache_bytes < CACHE_BYTES_MIN || o->cache_bytes > CACHE_BYTES_MAX ||
	    o->cache_bytes % 512 != 0)
		fata_fault("a cache of %u bytes: expected %u to %u, in sectors of 512",
			   o->cache_bytes, CACHE_BYTES_MIN, CACHE_BYTES_MAX);
	return fata_device(&spec, NULL,
			   FATA_USES({"disk", disk.node}, {"wall", (wall_clock)().node}));
}

static inline kv_rw_t fat_volume(disk_t disk, const struct fat_options *o)
{
	return (kv_rw_t){fata_fat(disk, true, o)};
}

static inline kv_t fat_files(disk_t disk, const struct fat_options *o)
{
	return (kv_t){fata_fat(disk, false, o)};
}

#define FAT_DEFAULTS .cache_bytes = 8192
#define fat_volume(DISK, ...)                                                                      \
	FATA_HERE(fat_volume((DISK), &(const struct fat_options){FAT_DEFAULTS, __VA_ARGS__}))
#define fat_files(DISK, ...)                                                                       \
	FATA_HERE(fat_files((DISK), &(const struct fat_options){FAT_DEFAULTS, __VA_ARGS__}))

FATA_OFFERS(fat_volume, "kv_rw_t fat_volume(disk_t disk, " FATA_TEXT_OF(FAT_DEFAULTS) ")",
	    "the files of a FAT12, FAT16 or FAT32 volume, to read and write")
FATA_OFFERS(fat_files, "kv_t fat_files(disk_t disk, " FATA_TEXT_OF(FAT_DEFAULTS) ")",
	    "the same to read only, with less code")

#endif
