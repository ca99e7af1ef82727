/* SPDX-License-Identifier: ISC */
/*
 * What is where on a volume (Microsoft Extensible Firmware Initiative FAT32 File System
 * Specification, version 1.03, "the specification" in comments here). Integers are little-endian.
 */
#ifndef STORAGE_FAT_DISK_H
#define STORAGE_FAT_DISK_H

/* The boot sector ("Boot Sector and BPB"). */
enum {
	BPB_BYTES_PER_SECTOR = 11,
	BPB_SECTORS_PER_CLUSTER = 13,
	BPB_RESERVED = 14,
	BPB_TABLES = 16,
	BPB_ROOT_ENTRIES = 17,
	BPB_SECTORS_16 = 19,
	BPB_TABLE_SECTORS_16 = 22,
	BPB_SECTORS_32 = 32,
	BPB_STATE_16 = 37, /* bit 0: in use */
	BPB_TABLE_SECTORS_32 = 36,
	BPB_FLAGS_32 = 40, /* bit 7: only table (bits 0 to 3) is in use */
	BPB_VERSION_32 = 42,
	BPB_ROOT_CLUSTER_32 = 44,
	BPB_INFO_32 = 48,
	BPB_STATE_32 = 65,
	BPB_SIGNATURE = 510, /* 55 aa */
};

/* FSInfo ("FAT32 FSInfo Sector Structure"). */
enum { INFO_LEAD = 0, INFO_SIGNATURE = 484, INFO_FREE = 488, INFO_NEXT = 492 };
#define INFO_LEAD_VALUE      UINT32_C(0x41615252)
#define INFO_SIGNATURE_VALUE UINT32_C(0x61417272)

/* An entry of a folder ("FAT Directory Structure"). */
enum {
	ENTRY_BYTES = 32,
	ENTRY_NAME = 0, /* 8 and 3 characters, padded with spaces */
	ENTRY_NAME_BYTES = 11,
	ENTRY_ATTRIBUTES = 11,
	ENTRY_CASE = 12,
	ENTRY_MARK = 13, /* hundredths of the second of creation, 0 to 199 */
	ENTRY_CREATED_TIME = 14,
	ENTRY_CREATED_DATE = 16,
	ENTRY_ACCESSED_DATE = 18,
	ENTRY_CLUSTER_HIGH = 20,
	ENTRY_TIME = 22,
	ENTRY_DATE = 24,
	ENTRY_CLUSTER_LOW = 26,
	ENTRY_SIZE = 28,

	ENTRY_FREE = 0xe5, /* as first byte */
	ENTRY_IS_E5 = 0x05,
	CASE_BASE_LOWER = 0x08,
	CASE_EXTENSION_LOWER = 0x10,
	/* Not of the specification: marks of moved entries, which check.c describes. */
	MARK_FIRST = 200,
	MARK_LAST = 255,
};

enum {
	ATTRIBUTE_READ_ONLY = 0x01,
	ATTRIBUTE_LABEL = 0x08,
	ATTRIBUTE_FOLDER = 0x10,
	ATTRIBUTE_ARCHIVE = 0x20,
	ATTRIBUTES_LONG = 0x0f,
	ATTRIBUTES_MASK = 0x3f,
};

enum { FAT_FOLDER_SLOTS_MAX = 65536 }; /* entries of a folder, whose bytes 21 bits count */

/* One of the entries that hold a long name ("FAT Long Directory Entries"). */
enum {
	LONG_ORDER = 0, /* 1 for the first 13 units, which come last; LONG_LAST beside */
	LONG_TYPE = 12,
	LONG_CHECKSUM = 13,
	LONG_CLUSTER = 26,
	LONG_LAST = 0x40,
	LONG_UNITS = 13,
	LONG_ENTRIES_MAX = 20,
};

#endif
