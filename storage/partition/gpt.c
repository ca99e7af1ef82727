/* SPDX-License-Identifier: ISC */
/* The GUID partition table (UEFI Specification 2.10, section 5.3). */
#include "storage/partition/table.h"

#include <string.h>

#include "base/bytes.h"

enum {
	/* Of the header (table 5-5). */
	REVISION_AT = 8,
	HEADER_BYTES_AT = 12,
	HEADER_CRC_AT = 16,
	RESERVED_AT = 20,
	MY_SECTOR_AT = 24,
	OTHER_SECTOR_AT = 32,
	FIRST_USABLE_AT = 40,
	LAST_USABLE_AT = 48,
	ENTRIES_AT = 72,
	N_ENTRIES_AT = 80,
	ENTRY_BYTES_AT = 84,
	ENTRIES_CRC_AT = 88,
	HEADER_BYTES = 92,
	REVISION = 0x00010000,

	/* Of an entry (table 5-6). */
	ENTRY_BYTES = 128,
	ENTRY_GUID_AT = 16,
	ENTRY_FIRST_AT = 32,
	ENTRY_LAST_AT = 40,
	ENTRY_FLAGS_AT = 48,
	ENTRY_LABEL_AT = 56,
	FLAG_BOOTABLE = 4, /* by an old BIOS */

	N_ENTRIES_MAX = 1024, /* eight times what everybody writes */
};

uint32_t gpt_crc32(uint32_t crc, const uint8_t *bytes, size_t len)
{
	const uint32_t polynomial = 0xedb88320;

	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
	}
	return ~crc;
}

/* The header's own CRC is of its bytes with that field zero. */
static bool is_sound(const uint8_t *bytes, uint32_t sector_bytes)
{
	static const uint8_t zero[4];
	uint32_t len = load_le32(&bytes[HEADER_BYTES_AT]), crc;

	if (memcmp(bytes, "EFI PART", 8) != 0 || load_le32(&bytes[REVISION_AT]) != REVISION)
		return false;
	if (len < HEADER_BYTES || len > sector_bytes || load_le32(&bytes[RESERVED_AT]) != 0)
		return false;
	crc = gpt_crc32(0, bytes, HEADER_CRC_AT);
	crc = gpt_crc32(crc, zero, sizeof(zero));
	crc = gpt_crc32(crc, &bytes[RESERVED_AT], len - RESERVED_AT);
	return crc == load_le32(&bytes[HEADER_CRC_AT]);
}

/* Whether the entries lie on the disk, behind its MBR and outside of what is for partitions. */
static bool entries_fit(const struct gpt_header *h, uint32_t sector_bytes, uint64_t disk_sectors)
{
	uint64_t sectors;

	/* A size of 128 times a power of two; one that is larger than a sector nobody writes. */
	if (h->entry_bytes < ENTRY_BYTES || h->entry_bytes > sector_bytes ||
	    (h->entry_bytes & (h->entry_bytes - 1)) != 0)
		return false;
	if (h->n_entries == 0 || h->n_entries > N_ENTRIES_MAX)
		return false;
	sectors = ((uint64_t)h->n_entries * h->entry_bytes + sector_bytes - 1) / sector_bytes;
	if (h->entries_at < GPT_HEADER_AT || h->entries_at >= disk_sectors ||
	    sectors > disk_sectors - h->entries_at)
		return false;
	return h->entries_at + sectors <= h->first_usable || h->entries_at > h->last_usable;
}

enum err gpt_header_parse(struct gpt_header *h, const uint8_t *bytes, uint32_t sector_bytes,
			  uint64_t at, uint64_t disk_sectors)
{
	uint64_t other = load_le64(&bytes[OTHER_SECTOR_AT]);

	if (!is_sound(bytes, sector_bytes))
		return ERR_INVALID;
	*h = (struct gpt_header){
		.first_usable = load_le64(&bytes[FIRST_USABLE_AT]),
		.last_usable = load_le64(&bytes[LAST_USABLE_AT]),
		.entries_at = load_le64(&bytes[ENTRIES_AT]),
		.n_entries = load_le32(&bytes[N_ENTRIES_AT]),
		.entry_bytes = load_le32(&bytes[ENTRY_BYTES_AT]),
		.entries_crc = load_le32(&bytes[ENTRIES_CRC_AT]),
	};
	if (load_le64(&bytes[MY_SECTOR_AT]) != at || other == at || other >= disk_sectors)
		return ERR_INVALID;
	if (h->first_usable <= GPT_HEADER_AT || h->first_usable > h->last_usable ||
	    h->last_usable >= disk_sectors)
		return ERR_INVALID;
	if (at >= h->first_usable && at <= h->last_usable)
		return ERR_INVALID;
	return entries_fit(h, sector_bytes, disk_sectors) ? OK : ERR_INVALID;
}

/* The bytes of a character in UTF-8, and how many they are. */
static unsigned put_utf8(uint8_t *to, uint32_t c)
{
	unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};

	to[0] = (uint8_t)(leads[more] | c >> 6 * more);
	for (unsigned i = 1; i <= more; i++)
		to[i] = (uint8_t)(0x80 | (c >> 6 * (more - i) & 0x3f));
	return 1 + more;
}

/* A label of UTF-16 up to its NUL, as UTF-8; half a pair becomes U+FFFD. */
static void take_label(char out[static PARTITION_LABEL_BYTES], const uint8_t *units)
{
	uint8_t *to = (uint8_t *)out;

	for (unsigned i = 0; i < PARTITION_LABEL_UNITS; i++) {
		uint32_t c = load_le16(&units[2 * i]);
		uint32_t next = i + 1 < PARTITION_LABEL_UNITS ? load_le16(&units[2 * i + 2]) : 0;

		if (c == 0)
			break;
		if (c >> 10 == 0x36 && next >> 10 == 0x37) {
			c = 0x10000 + ((c & 0x3ff) << 10 | (next & 0x3ff));
			i++;
		} else if (c >> 11 == 0x1b) {
			c = 0xfffd;
		}
		to += put_utf8(to, c);
	}
	*to = '\0';
}

enum err gpt_entry_add(struct partition_table *t, const struct gpt_header *h, const uint8_t *bytes,
		       uint32_t number)
{
	static const uint8_t unused[PARTITION_GUID_BYTES];
	uint64_t first = load_le64(&bytes[ENTRY_FIRST_AT]), last = load_le64(&bytes[ENTRY_LAST_AT]);
	struct partition_entry e = {
		.first = first,
		.number = (uint16_t)number,
		.bootable = (bytes[ENTRY_FLAGS_AT] & FLAG_BOOTABLE) != 0,
	};

	if (memcmp(bytes, unused, sizeof(unused)) == 0)
		return OK;
	if (first < h->first_usable || last < first || last > h->last_usable)
		return ERR_INVALID;
	memcpy(e.type_guid, bytes, sizeof(e.type_guid));
	memcpy(e.guid, &bytes[ENTRY_GUID_AT], sizeof(e.guid));
	take_label(e.label, &bytes[ENTRY_LABEL_AT]);
	e.sectors = last - first + 1;
	return table_add(t, &e, h->first_usable, h->last_usable - h->first_usable + 1);
}
