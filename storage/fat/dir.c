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

static void copy_units(const uint8_t *raw, uint16_t *out)
{
	static const uint8_t at[LONG_UNITS] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

	for (unsigned i = 0; i < LONG_UNITS; i++)
		out[i] = load_le16(&raw[at[i]]);
}

/*
 * The long name that begins at `slot`, whose parts come last first, and which entry it is of. OK
 * with out->slots 0: it is none.
 */
static enum err read_long(struct fat_volume *v, uint32_t folder, uint32_t slot, unsigned parts,
			  struct fat_entry *out)
{
	uint8_t sum = 0, *raw;

	for (unsigned part = parts; part > 0; part--, slot++) {
		enum err e = fat_dir_slot(v, folder, slot, &raw);

		if (e != OK)
			return e == ERR_EOF ? OK : e;
		if (part == parts)
			sum = raw[LONG_CHECKSUM];
		else if (raw[LONG_ORDER] != part)
			return OK;
		if (!is_long(raw) || raw[LONG_CHECKSUM] != sum || raw[LONG_TYPE] != 0)
			return OK;
		copy_units(raw, &v->name[(part - 1) * LONG_UNITS]);
	}
	enum err e = fat_dir_slot(v, folder, slot, &raw);
	if (e != OK)
		return e == ERR_EOF ? OK : e;
	if (raw[0] == 0 || raw[0] == ENTRY_FREE || is_long(raw) || fat_short_checksum(raw) != sum)
		return OK;
	while (out->name_units < parts * LONG_UNITS && v->name[out->name_units] != 0)
		out->name_units++;
	if (out->name_units > FAT_NAME_UNITS_MAX)
		out->name_units = 0;
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

enum err fat_dir_next(struct fat_volume *v, uint32_t folder, uint32_t *slot, struct fat_entry *out)
{
	uint8_t *raw;
	enum err e = fat_dir_slot(v, folder, *slot, &raw);

	*out = (struct fat_entry){.folder = folder, .slot = *slot, .slots = 1};
	if (e != OK)
		return e;
	memcpy(out->raw, raw, ENTRY_BYTES);
	if (raw[0] == 0) {
		out->kind = FAT_ENTRY_END;
		return OK;
	}
	if (raw[0] == ENTRY_FREE) {
		out->kind = FAT_ENTRY_FREE;
	} else if (is_long(raw)) {
		unsigned parts = raw[LONG_ORDER] & ~(unsigned)LONG_LAST;

		out->slots = 0;
		if ((raw[LONG_ORDER] & LONG_LAST) != 0 && parts > 0 && parts <= LONG_ENTRIES_MAX)
			e = read_long(v, folder, *slot, parts, out);
		if (e != OK)
			return e;
		out->kind = out->slots > 0 ? kind_of(out->raw) : FAT_ENTRY_ORPHAN;
		out->slots = MAX(out->slots, 1);
	} else {
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
