/* SPDX-License-Identifier: ISC */
#include "tests/fakes/fat_format.h"

#include <string.h>

#include "base/bytes.h"

static void put_boot(uint8_t *b, const struct fat_shape *s, uint32_t reserved,
		     uint32_t table_sectors)
{
	memcpy(b,
	       "\xeb\x58\x90"
	       "FATA    ",
	       11);
	store_le16(&b[11], (uint16_t)s->sector_bytes);
	b[13] = (uint8_t)s->cluster_sectors;
	store_le16(&b[14], (uint16_t)reserved);
	b[16] = (uint8_t)s->tables;
	store_le16(&b[17], (uint16_t)(s->bits == 32 ? 0 : s->root_entries));
	store_le16(&b[19], (uint16_t)(s->sectors < 65536 && s->bits != 32 ? s->sectors : 0));
	b[21] = 0xf8;
	store_le16(&b[22], (uint16_t)(s->bits == 32 ? 0 : table_sectors));
	store_le32(&b[32], s->sectors < 65536 && s->bits != 32 ? 0 : s->sectors);
	if (s->bits == 32) {
		store_le32(&b[36], table_sectors);
		store_le32(&b[44], 2);
		store_le16(&b[48], 1);
		store_le16(&b[50], 6);
		b[64] = 0x80;
		b[66] = 0x29;
		memcpy(&b[71], "NO NAME    FAT32   ", 19);
	} else {
		b[36] = 0x80;
		b[38] = 0x29;
		memcpy(&b[43], s->bits == 12 ? "NO NAME    FAT12   " : "NO NAME    FAT16   ", 19);
	}
	b[510] = 0x55;
	b[511] = 0xaa;
}

static void put_info(uint8_t *b, uint32_t n_free)
{
	store_le32(&b[0], 0x41615252);
	store_le32(&b[484], 0x61417272);
	store_le32(&b[488], n_free);
	store_le32(&b[492], 2);
	b[510] = 0x55;
	b[511] = 0xaa;
}

void fat_format(uint8_t *bytes, const struct fat_shape *s)
{
	uint32_t reserved = s->bits == 32 ? 32 : 1, sector = s->sector_bytes;
	uint32_t root = s->bits == 32 ? 0 : (s->root_entries * 32 + sector - 1) / sector;
	uint64_t clusters = (s->sectors - reserved - root) / s->cluster_sectors + 2;
	uint32_t table = (uint32_t)((clusters * s->bits + 8 * sector - 1) / (8 * sector));
	uint32_t data = reserved + s->tables * table + root;

	put_boot(bytes, s, reserved, table);
	if (s->bits == 32) {
		memcpy(&bytes[6 * sector], bytes, sector);
		put_info(&bytes[sector], (s->sectors - data) / s->cluster_sectors - 1);
		put_info(&bytes[7 * sector], UINT32_MAX);
	}
	for (uint32_t i = 0; i < s->tables; i++) {
		uint8_t *t = &bytes[(reserved + i * table) * sector];

		if (s->bits == 12)
			memcpy(t, "\xf8\xff\xff", 3);
		else if (s->bits == 16)
			memcpy(t, "\xf8\xff\xff\xff", 4);
		else
			memcpy(t, "\xf8\xff\xff\x0f\xff\xff\xff\x0f\xf8\xff\xff\x0f", 12);
	}
}
