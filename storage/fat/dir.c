/* SPDX-License-Identifier: ISC */
/* Folders, as they are read. */
#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

uint32_t fat_entry_cluster(const struct fat_volume *v, const uint8_t *raw)
{
	uint32_t high = v->bits == 32 ? load_le16(&raw[ENTRY_CLUSTER_HIGH]) : 0;

	return high << 16 | load_le16(&raw[ENTRY_CLUSTER_LOW]);
}

void fat_entry_set_cluster(uint8_t *raw, uint32_t cluster)
{
	store_le16(&raw[ENTRY_CLUSTER_HIGH], (uint16_t)(cluster >> 16));
	store_le16(&raw[ENTRY_CLUSTER_LOW], (uint16_t)cluster);
}

/* The sector that has a slot. A folder of all that it may have ends behind them, as others do. */
static enum err sector_of(struct fat_volume *v, uint32_t folder, uint32_t slot, uint32_t *sector)
{
	uint32_t n = slot / fat_slots_of_sector(v), cluster;

	if (slot > FAT_FOLDER_SLOTS_MAX)
		return fat_damaged(v);
	if (folder == 0 && v->bits != 32) {
		*sector = v->root_at + n;
		return n < v->root_sectors ? OK : ERR_EOF;
	}
	enum err e = fat_chain_seek(v, &v->folder_place, fat_first_cluster(v, folder),
				    n >> v->cluster_shift, &cluster);
	if (e == OK && slot == FAT_FOLDER_SLOTS_MAX)
		return fat_damaged(v);
	if (e == OK)
		*sector = fat_sector_of(v, cluster) + (n & ((UINT32_C(1) << v->cluster_shift) - 1));
	return e;
}

enum err fat_dir_slot(struct fat_volume *v, uint32_t folder, uint32_t slot, uint8_t **out)
{
	uint32_t sector = 0;
	enum err e = sector_of(v, folder, slot, &sector);

	if (e == OK)
		e = fat_cache_get(v, sector, out);
	if (e == OK)
		*out += slot % fat_slots_of_sector(v) * ENTRY_BYTES;
	return e;
}

static bool is_long(const uint8_t *raw)
{
	return (raw[ENTRY_ATTRIBUTES] & ATTRIBUTES_MASK) == ATTRIBUTES_LONG;
}

/* The units lie in three pieces, and in the order that they have in memory (base/bytes.h). */
static void copy_units(const uint8_t *raw, uint16_t *out)
{
	memcpy(out, &raw[1], 10);
	memcpy(&out[5], &raw[14], 12);
	memcpy(&out[11], &raw[28], 4);
}

/* From the slot before `slot` on to this one, mostly of the same sector. */
static enum err step(struct fat_volume *v, uint32_t folder, uint32_t slot, uint8_t **raw)
{
	if (slot % fat_slots_of_sector(v) == 0)
		return fat_dir_slot(v, folder, slot, raw);
	*raw += ENTRY_BYTES;
	return OK;
}

/*
 * The long name that begins with `raw` at `slot`, whose parts come last first, and which entry it
 * is of. OK with out->slots 0: it is none.
 */
static enum err read_long(struct fat_volume *v, uint32_t folder, uint32_t slot, unsigned parts,
			  uint8_t *raw, struct fat_entry *out)
{
	uint8_t sum = raw[LONG_CHECKSUM];

	for (unsigned part = parts; part > 0; part--) {
		if ((part < parts && raw[LONG_ORDER] != part) || !is_long(raw) ||
		    raw[LONG_CHECKSUM] != sum || raw[LONG_TYPE] != 0)
			return OK;
		copy_units(raw, &v->name[(part - 1) * LONG_UNITS]);
		enum err e = step(v, folder, ++slot, &raw);
		if (e != OK)
			return e == ERR_EOF ? OK : e;
	}
	if (raw[0] == 0 || raw[0] == ENTRY_FREE || is_long(raw) || fat_short_checksum(raw) != sum)
		return OK;
	unsigned units = (parts - 1) * LONG_UNITS; /* a zero is in the last part, or nowhere */
	while (units < parts * LONG_UNITS && v->name[units] != 0)
		units++;
	out->name_units = units <= FAT_NAME_UNITS_MAX ? (uint16_t)units : 0;
	memcpy(out->raw, raw, ENTRY_BYTES);
	out->slot = slot;
	out->slots = parts + 1;
	return OK;
}

static enum fat_entry_kind kind_of(const uint8_t *raw)
{
	if ((raw[ENTRY_ATTRIBUTES] & ATTRIBUTE_LABEL) != 0 || raw[0] == '.')
		return FAT_ENTRY_OTHER;
	return (raw[ENTRY_ATTRIBUTES] & ATTRIBUTE_FOLDER) != 0 ? FAT_ENTRY_FOLDER : FAT_ENTRY_FILE;
}

/* How many lie in a row, as far as the sector goes. */
static uint32_t free_slots(const struct fat_volume *v, uint32_t slot, const uint8_t *raw)
{
	uint32_t left = fat_slots_of_sector(v) - slot % fat_slots_of_sector(v), n = 1;

	while (n < left && raw[n * ENTRY_BYTES] == ENTRY_FREE)
		n++;
	return n;
}

enum err fat_dir_next(struct fat_volume *v, uint32_t folder, uint32_t *slot, struct fat_entry *out)
{
	uint8_t *raw;
	enum err e = fat_dir_slot(v, folder, *slot, &raw);

	out->folder = folder;
	out->slot = *slot;
	out->slots = 1;
	out->name_units = 0;
	if (e != OK)
		return e;
	if (raw[0] == 0) {
		out->kind = FAT_ENTRY_END;
		return OK;
	}
	if (raw[0] == ENTRY_FREE) {
		out->kind = FAT_ENTRY_FREE;
		out->slots = free_slots(v, *slot, raw);
	} else if (is_long(raw)) {
		unsigned parts = raw[LONG_ORDER] & ~(unsigned)LONG_LAST;

		out->slots = 0;
		if ((raw[LONG_ORDER] & LONG_LAST) != 0 && parts > 0 && parts <= LONG_ENTRIES_MAX)
			e = read_long(v, folder, *slot, parts, raw, out);
		if (e != OK)
			return e;
		out->kind = out->slots > 0 ? kind_of(out->raw) : FAT_ENTRY_ORPHAN;
		out->slots = MAX(out->slots, 1);
	} else {
		memcpy(out->raw, raw, ENTRY_BYTES);
		out->kind = kind_of(raw);
	}
	*slot += out->slots;
	return OK;
}

size_t fat_dir_name(struct fat_volume *v, const struct fat_entry *entry, char *out, size_t size)
{
	uint16_t units[12];
	size_t len = fat_name_text(v->name, entry->name_units, out, size);

	/* One that cannot be a key has its short one. */
	return len > 0 ? len : fat_name_text(units, fat_short_units(entry->raw, units), out, size);
}

GUARDED bool fat_dir_matches(struct fat_volume *v, const struct fat_entry *entry, size_t n)
{
	char text[KV_KEY_BYTES_MAX + 1];
	uint16_t units[12];

	if (entry->name_units == n && fat_names_match(v->name, v->wanted, n))
		return true;
	if (n > ARRAY_SIZE(units) || fat_short_units(entry->raw, units) != n ||
	    !fat_names_match(units, v->wanted, n))
		return false;
	/* Who has a long name is not found by the short one: that would be two keys of one value.
	 */
	return fat_name_text(v->name, entry->name_units, text, sizeof(text)) == 0;
}

enum err fat_dir_find(struct fat_volume *v, uint32_t folder, size_t n, struct fat_entry *out)
{
	uint32_t slot = 0;

	for (;;) {
		enum err e = fat_dir_next(v, folder, &slot, out);

		if (e != OK)
			return e == ERR_EOF ? ERR_NOTFOUND : e;
		if (out->kind == FAT_ENTRY_END)
			return ERR_NOTFOUND;
		if ((out->kind == FAT_ENTRY_FILE || out->kind == FAT_ENTRY_FOLDER) &&
		    fat_dir_matches(v, out, n))
			return OK;
	}
}
