/* SPDX-License-Identifier: ISC */
/*
 * Partitions of a disk: its table, MBR or GPT, and each of them as a disk of its own.
 *
 * partitions_read() reads the table; like all calls to a disk it may wait, so it is for fibers.
 * What is on a disk is hostile: each field is checked against the disk and against the others, and
 * a table with one that is wrong is refused as a whole, since nobody knows then what belongs to
 * whom. Of GPT there are two copies; the second counts if the first is damaged.
 *
 * A partition is a struct disk whose calls are handed on to the whole one, which must stay.
 */
#ifndef STORAGE_PARTITION_PARTITION_H
#define STORAGE_PARTITION_PARTITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/disk.h"

enum {
	PARTITIONS_MAX = 32, /* of a disk; those beyond are not seen */
	PARTITION_SECTOR_BYTES_MAX = 4096,
	PARTITION_GUID_BYTES = 16,
	PARTITION_LABEL_UNITS = 36,                            /* of UTF-16 */
	PARTITION_LABEL_BYTES = PARTITION_LABEL_UNITS * 3 + 1, /* of UTF-8, with the NUL */
};

enum partition_kind { PARTITION_MBR, PARTITION_GPT };

struct partition_entry {
	uint64_t first, sectors;
	uint16_t number;  /* as Linux counts them, from 1 */
	uint8_t mbr_type; /* of MBR: 0x0c is FAT32; 0 of GPT */
	bool bootable;
	uint8_t type_guid[PARTITION_GUID_BYTES]; /* of GPT, as on the disk; 0 of MBR */
	uint8_t guid[PARTITION_GUID_BYTES];      /* its own, likewise */
	char label[PARTITION_LABEL_BYTES];       /* of GPT, in UTF-8; "" of MBR */
};

struct partition_table {
	uint8_t kind; /* enum partition_kind */
	uint8_t n;
	uint16_t left_out; /* that there was no room for */
	struct partition_entry entry[PARTITIONS_MAX];
};

/* A disk that is divided, and its table. */
struct partitions {
	struct partition_table table; /* empty unless partitions_read() has answered OK */
	struct disk *disk;
	ALIGNED(CACHE_LINE_BYTES) uint8_t sector[PARTITION_SECTOR_BYTES_MAX];
};

/*
 * Reads the table of `disk`, which stays. ERR_NOTFOUND: it has none; ERR_INVALID: a damaged one;
 * else what the disk said. In bounded time: at most some 600 sectors.
 */
MUST_USE enum err partitions_read(struct partitions *p, struct disk *disk);

/* Which one: the first to which all that is set applies. */
struct partition_wish {
	unsigned number;     /* 0: any */
	const char *label;   /* of GPT, in UTF-8; NULL: any */
	const uint8_t *guid; /* its own, PARTITION_GUID_BYTES as on the disk; NULL: any */
};

/* The partition, or NULL. */
const struct partition_entry *partition_find(const struct partition_table *t,
					     const struct partition_wish *wish);

struct partition {
	struct disk disk;
	struct disk *whole;
	uint64_t first;
};

/*
 * Partition `entry` of `disk` as a disk of the same sector size; `name` outlives it. ERR_NODEV: the
 * disk has no medium; ERR_RANGE: it does not lie on it.
 */
MUST_USE enum err partition_init(struct partition *p, struct disk *disk,
				 const struct partition_entry *entry, const char *name);

/*
 * For configurations: partition `wish` of `from` as a disk. If there is none it tells the person so
 * in one line, and the disk has no sectors: its calls end with ERR_NODEV.
 */
void partition_start(struct partition *p, const struct partitions *from,
		     const struct partition_wish *wish, const char *name);

/* Reads the table for it, telling in one line what is wrong if it cannot. */
void partitions_start(struct partitions *p, struct disk *disk);

#endif
