/* SPDX-License-Identifier: ISC */
/*
 * Partitions of a disk: its table, MBR or GPT, and each of them as a disk of its own.
 *
 * partition_scan_begin() starts to read the table, partition_scan_poll() says when it is there; in
 * between the event loop runs, and `waker` says when to ask again. All memory is in the struct,
 * which belongs to the caller and stays until poll has answered anything but ERR_AGAIN. What is on
 * a disk is hostile: each field is checked against the disk and against the others, and a table
 * with one that is wrong is refused as a whole, since nobody knows then what belongs to whom. Of
 * GPT there are two copies; the second counts if the first is damaged.
 *
 * A partition is a struct block whose requests are handed on to the disk, which must be started and
 * stay; they end as the disk's own. Event loop only.
 */
#ifndef STORAGE_PARTITION_PARTITION_H
#define STORAGE_PARTITION_PARTITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/waker.h"
#include "hal/block.h"

enum {
	PARTITIONS_MAX = 32, /* of a disk; those beyond are not seen */
	PARTITION_SECTOR_BYTES_MAX = 4096,
	PARTITION_GUID_BYTES = 16,
};

enum partition_kind { PARTITION_MBR, PARTITION_GPT };

struct partition_entry {
	uint64_t first, sectors;
	uint8_t mbr_type;                        /* of MBR: 0x0c is FAT32; 0 of GPT */
	uint8_t type_guid[PARTITION_GUID_BYTES]; /* of GPT, as on the disk; 0 of MBR */
	bool bootable;
};

struct partition_table {
	uint8_t kind; /* enum partition_kind */
	uint8_t n;
	uint16_t left_out; /* that there was no room for */
	struct partition_entry entry[PARTITIONS_MAX];
};

/* What of GPT's header the rest is read by (UEFI Specification 2.10, section 5.3.2). */
struct gpt_header {
	uint64_t first_usable, last_usable;
	uint64_t entries_at; /* sector */
	uint32_t n_entries, entry_bytes, entries_crc;
};

enum partition_step {
	PARTITION_READS_MBR,
	PARTITION_READS_EBR,
	PARTITION_READS_HEADER,
	PARTITION_READS_ENTRIES
};

struct partition_scan {
	struct partition_table table; /* valid when poll has answered OK */

	struct block *disk;
	struct waker waker;
	struct block_request request;
	struct gpt_header header;
	enum err result; /* of the request, or ERR_AGAIN */
	uint8_t step;    /* enum partition_step */
	bool is_backup;  /* the second copy of GPT is read */
	uint64_t extended_first, extended_sectors, ebr;
	uint32_t records; /* of logical partitions, read so far */
	uint32_t entries_done, crc;
	ALIGNED(CACHE_LINE_BYTES) uint8_t sector[PARTITION_SECTOR_BYTES_MAX];
};

/* Starts to read the table of a disk that is started. */
void partition_scan_begin(struct partition_scan *s, struct block *disk, struct waker waker);

/*
 * ERR_AGAIN: not yet. ERR_NOTFOUND: the disk has no table; ERR_INVALID: a damaged one; else what
 * the disk said.
 */
MUST_USE enum err partition_scan_poll(struct partition_scan *s);

struct partition {
	struct block block;
	struct block *disk;
	uint64_t first;
};

/*
 * Partition `entry` of `disk` as a disk of the same sector size; `name` outlives it. ERR_NODEV: the
 * disk has no medium; ERR_RANGE: it does not lie on it.
 */
MUST_USE enum err partition_init(struct partition *p, struct block *disk,
				 const struct partition_entry *entry, const char *name);

#endif
