/* SPDX-License-Identifier: ISC */
/* The file allocation table ("FAT Data Structure" of the specification). */
#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

enum err fat_damaged(struct fat_volume *v)
{
	v->stats.damaged++;
	v->is_read_only = true;
	return ERR_DAMAGED;
}

/* The byte of the table; entries of 12 bits may lie in two sectors. */
static enum err byte_at(struct fat_volume *v, uint32_t offset, uint8_t **out)
{
	uint8_t *sector;
	enum err e = fat_cache_get(v, v->table_at + (offset >> v->sector_shift), &sector);

	if (e == OK)
		*out = &sector[offset & (v->sector_bytes - 1)];
	return e;
}

static enum err get_12(struct fat_volume *v, uint32_t cluster, uint32_t *out)
{
	uint32_t offset = cluster + cluster / 2;
	uint8_t *low, *high;
	enum err e = byte_at(v, offset, &low);

	if (e != OK)
		return e;
	uint32_t value = *low;
	e = byte_at(v, offset + 1, &high);
	if (e != OK)
		return e;
	value |= (uint32_t)*high << 8;
	*out = (cluster & 1) != 0 ? value >> 4 : value & 0xfff;
	return OK;
}

static uint32_t offset_of(const struct fat_volume *v, uint32_t cluster)
{
	return v->bits == 16 ? 2 * cluster : 4 * cluster;
}

enum err fat_table_get(struct fat_volume *v, uint32_t cluster, uint32_t *next)
{
	uint32_t last = v->bits == 12 ? 0xfff : v->bits == 16 ? 0xffff : 0x0fffffff;
	uint32_t value = 0;
	uint8_t *at;
	enum err e;

	if (v->bits == 12) {
		e = get_12(v, cluster, &value);
	} else {
		e = byte_at(v, offset_of(v, cluster), &at);
		if (e == OK)
			value = v->bits == 16 ? load_le16(at) : load_le32(at) & last;
	}
	if (e != OK)
		return e;
	if (value >= last - 7)
		*next = FAT_NEXT_END;
	else
		*next = value == last - 8 ? FAT_NEXT_BAD : value;
	return OK;
}

/* One of the two bytes that have an entry of 12 bits: the bits of `mask` become those of `value`.
 */
static enum err set_byte(struct fat_volume *v, uint32_t offset, uint32_t mask, uint32_t value)
{
	uint8_t *at;
	enum err e = byte_at(v, offset, &at);

	if (e != OK)
		return e;
	*at = (uint8_t)((*at & ~mask) | (value & mask));
	fat_cache_changed(v, at, FAT_SLOT_EARLY);
	return OK;
}

static enum err set_12(struct fat_volume *v, uint32_t cluster, uint32_t value)
{
	uint32_t offset = cluster + cluster / 2;
	bool odd = (cluster & 1) != 0;
	enum err e = odd ? set_byte(v, offset, 0xf0, value << 4) : set_byte(v, offset, 0xff, value);

	if (e != OK)
		return e;
	return odd ? set_byte(v, offset + 1, 0xff, value >> 4)
		   : set_byte(v, offset + 1, 0x0f, value >> 8);
}

enum err fat_table_set(struct fat_volume *v, uint32_t cluster, uint32_t next)
{
	uint8_t *at;

	if (v->bits == 12)
		return set_12(v, cluster, next);
	enum err e = byte_at(v, offset_of(v, cluster), &at);
	if (e != OK)
		return e;
	if (v->bits == 16)
		store_le16(at, (uint16_t)next);
	else /* the upper four bits are to be left as they are */
		store_le32(at,
			   (load_le32(at) & UINT32_C(0xf0000000)) | (next & UINT32_C(0x0fffffff)));
	fat_cache_changed(v, at, FAT_SLOT_EARLY);
	return OK;
}
