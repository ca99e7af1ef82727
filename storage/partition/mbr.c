/* SPDX-License-Identifier: ISC */
/* The master boot record, and the records of logical partitions, which look the same. */
#include "storage/partition/table.h"

#include "base/bytes.h"

enum {
	ENTRIES_AT = 446,
	ENTRY_BYTES = 16,
	TYPE_AT = 4,
	FIRST_AT = 8,
	SECTORS_AT = 12,
	SIGNATURE_AT = 510,
	SIGNATURE = 0xaa55,
	BOOTABLE = 0x80,
};

bool mbr_is_extended(uint8_t type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

enum err mbr_parse(struct mbr_entry entry[static 4], const uint8_t bytes[static MBR_BYTES])
{
	if (load_le16(&bytes[SIGNATURE_AT]) != SIGNATURE)
		return ERR_NOTFOUND;
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *at = &bytes[ENTRIES_AT + i * ENTRY_BYTES];

		/* A boot sector of a file system has the signature too, but code in this place. */
		if ((at[0] & ~BOOTABLE) != 0)
			return ERR_INVALID;
		entry[i] = (struct mbr_entry){
			.first = load_le32(&at[FIRST_AT]),
			.sectors = load_le32(&at[SECTORS_AT]),
			.type = at[TYPE_AT],
			.bootable = at[0] == BOOTABLE,
		};
		if (entry[i].type == MBR_EMPTY)
			continue;
		if (entry[i].first == 0 || entry[i].sectors == 0)
			return ERR_INVALID;
	}
	return OK;
}
