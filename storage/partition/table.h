/* SPDX-License-Identifier: ISC */
/*
 * The formats, without I/O: each function looks at the bytes of one sector.
 */
#ifndef STORAGE_PARTITION_TABLE_H
#define STORAGE_PARTITION_TABLE_H

#include <stddef.h>

#include "storage/partition/partition.h"

enum { MBR_BYTES = 512, GPT_HEADER_AT = 1 };

/* What of GPT's header the rest is read by (UEFI Specification 2.10, section 5.3.2). */
struct gpt_header {
	uint64_t first_usable, last_usable;
	uint64_t entries_at; /* sector */
	uint32_t n_entries, entry_bytes, entries_crc;
};

/* An entry of an MBR, relative to what it is relative to. */
struct mbr_entry {
	uint64_t first, sectors;
	uint8_t type;
	bool bootable;
};

/* Types of MBR entries that mean something to the table itself. */
#define MBR_EMPTY      0x00
#define MBR_PROTECTIVE 0xee

bool mbr_is_extended(uint8_t type);

/* The four entries. ERR_NOTFOUND: no signature; ERR_INVALID: an entry that cannot be. */
MUST_USE enum err mbr_parse(struct mbr_entry entry[static 4],
			    const uint8_t bytes[static MBR_BYTES]);

/* The header that was read from sector `at` of a disk. ERR_INVALID. */
MUST_USE enum err gpt_header_parse(struct gpt_header *h, const uint8_t *bytes,
				   uint32_t sector_bytes, uint64_t at, uint64_t disk_sectors);

/* Adds the partition in entry `number`, of `h->entry_bytes` at `bytes`, if it is one. ERR_INVALID.
 */
MUST_USE enum err gpt_entry_add(struct partition_table *t, const struct gpt_header *h,
				const uint8_t *bytes, uint32_t number);

/* The CRC-32 of ISO 3309 of what `crc` (0 at first) is of, and these bytes behind it. */
uint32_t gpt_crc32(uint32_t crc, const uint8_t *bytes, size_t len);

/* Adds a partition; it must lie between `low` and `low + span` and overlap none. ERR_INVALID. */
MUST_USE enum err table_add(struct partition_table *t, const struct partition_entry *e,
			    uint64_t low, uint64_t span);

#endif
