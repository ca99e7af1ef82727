/* SPDX-License-Identifier: ISC */
/* What a volume says of itself: the boot sector, FSInfo, and the mark of a volume in use. */
#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

enum { CLUSTERS_12 = 4085, CLUSTERS_16 = 65525, CLUSTERS_32 = 0x0ffffff5 };

static bool is_power_of_two(uint32_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static uint8_t log2_of(uint32_t power)
{
	return (uint8_t)__builtin_ctz(power);
}

/*
 * The first sector of the disk, of which 512 bytes say how large those of the volume are; to the
 * end of the memory, which is not in use yet.
 */
static enum err read_boot(struct fat_volume *v, uint8_t **boot)
{
	uint32_t bytes = v->disk->sector_bytes;

	if (v->disk->sectors == 0)
		return ERR_NODEV;
	if (bytes < 512 || bytes > FAT_SECTOR_BYTES_MAX)
		return ERR_UNSUPPORTED;
	if (v->memory_bytes < (size_t)FAT_SLOTS_MIN * bytes)
		return ERR_NOMEM;
	*boot = v->memory;
	return disk_read(v->disk, 0, 1, v->memory);
}

/* "BPB" fields that make sizes of sectors and clusters. */
static enum err parse_sizes(struct fat_volume *v, const uint8_t *boot)
{
	uint32_t bytes = load_le16(&boot[BPB_BYTES_PER_SECTOR]);

	if (boot[BPB_SIGNATURE] != 0x55 || boot[BPB_SIGNATURE + 1] != 0xaa ||
	    !is_power_of_two(bytes) || bytes < 512 || bytes > FAT_SECTOR_BYTES_MAX ||
	    !is_power_of_two(boot[BPB_SECTORS_PER_CLUSTER]) || boot[BPB_TABLES] == 0 ||
	    load_le16(&boot[BPB_RESERVED]) == 0)
		return ERR_UNSUPPORTED; /* it does not look like FAT at all */
	if (bytes < v->disk->sector_bytes)
		return ERR_UNSUPPORTED;
	if (v->memory_bytes < (size_t)FAT_SLOTS_MIN * bytes)
		return ERR_NOMEM;
	v->sector_bytes = bytes;
	v->sector_shift = log2_of(bytes);
	v->disk_shift = log2_of(bytes / v->disk->sector_bytes);
	v->cluster_shift = log2_of(boot[BPB_SECTORS_PER_CLUSTER]);
	v->tables = boot[BPB_TABLES];
	v->table_at = load_le16(&boot[BPB_RESERVED]);
	v->table_sectors = load_le16(&boot[BPB_TABLE_SECTORS_16]);
	v->bits = v->table_sectors == 0 ? 32 : 0;
	if (v->bits == 32)
		v->table_sectors = load_le32(&boot[BPB_TABLE_SECTORS_32]);
	return OK;
}

/* Fields that only FAT32 has. */
static enum err parse_32(struct fat_volume *v, const uint8_t *boot)
{
	uint32_t flags = load_le16(&boot[BPB_FLAGS_32]), active = flags & 15;
	uint32_t info = load_le16(&boot[BPB_INFO_32]);

	if (load_le16(&boot[BPB_VERSION_32]) != 0)
		return ERR_UNSUPPORTED;
	v->root_cluster = load_le32(&boot[BPB_ROOT_CLUSTER_32]);
	if (!fat_has_cluster(v, v->root_cluster))
		return ERR_DAMAGED;
	v->info_at = info < v->table_at && info != 0xffff ? info : 0;
	if ((flags & 0x80) != 0) { /* one table is kept, the others are not */
		if (active >= v->tables)
			return ERR_DAMAGED;
		v->mirrors = false;
		v->table_at += active * v->table_sectors;
	}
	return OK;
}

/* Where everything is, from front to back, and that all of it is on the disk. */
static enum err parse_layout(struct fat_volume *v, const uint8_t *boot)
{
	uint32_t root_entries = load_le16(&boot[BPB_ROOT_ENTRIES]);
	uint32_t sectors = load_le16(&boot[BPB_SECTORS_16]);
	uint64_t at = v->table_at + (uint64_t)v->tables * v->table_sectors;

	if (sectors == 0)
		sectors = load_le32(&boot[BPB_SECTORS_32]);
	v->root_sectors = root_entries * ENTRY_BYTES / v->sector_bytes;
	v->root_at = (uint32_t)at;
	at += v->root_sectors;
	if (at >= sectors || sectors > v->disk->sectors >> v->disk_shift ||
	    (v->bits == 32) != (root_entries == 0) ||
	    root_entries * ENTRY_BYTES % v->sector_bytes != 0)
		return ERR_DAMAGED;
	v->data_at = (uint32_t)at;
	v->clusters = (sectors - v->data_at) >> v->cluster_shift;
	if (v->bits == 0)
		v->bits = v->clusters < CLUSTERS_12 ? 12 : 16;
	/* The table has an entry for each cluster, and two more. */
	if (v->clusters == 0 || v->clusters >= (v->bits == 32 ? CLUSTERS_32 : CLUSTERS_16) ||
	    (uint64_t)v->table_sectors * v->sector_bytes * 8 < (v->clusters + 2ull) * v->bits)
		return ERR_DAMAGED;
	v->mirrors = v->tables > 1;
	return v->bits == 32 ? parse_32(v, boot) : OK;
}

/* How much is free, if FSInfo says so; it is a hint. */
static enum err read_info(struct fat_volume *v)
{
	uint8_t *info;

	v->n_free = UINT32_MAX;
	v->is_counted = false;
	v->next_free = 2;
	if (v->info_at == 0)
		return OK;
	enum err e = fat_cache_get(v, v->info_at, &info);
	if (e != OK)
		return e;
	if (load_le32(&info[INFO_LEAD]) != INFO_LEAD_VALUE ||
	    load_le32(&info[INFO_SIGNATURE]) != INFO_SIGNATURE_VALUE) {
		v->info_at = 0;
		return OK;
	}
	if (load_le32(&info[INFO_FREE]) <= v->clusters)
		v->n_free = load_le32(&info[INFO_FREE]);
	if (fat_has_cluster(v, load_le32(&info[INFO_NEXT])))
		v->next_free = load_le32(&info[INFO_NEXT]);
	return OK;
}

/* --- the mark of a volume in use -------------------------------------------------------------- */

static unsigned state_at(const struct fat_volume *v)
{
	return v->bits == 32 ? BPB_STATE_32 : BPB_STATE_16;
}

/* Linux goes by the boot sector, Windows by the second entry of the table, where a bit says no. */
static enum err read_mark(struct fat_volume *v)
{
	uint8_t *bytes;
	enum err e = fat_cache_get(v, 0, &bytes);

	if (e != OK)
		return e;
	v->was_in_use = (bytes[state_at(v)] & 1) != 0;
	if (v->bits == 12)
		return OK;
	e = fat_cache_get(v, v->table_at, &bytes);
	if (e == OK && (v->bits == 16 ? (bytes[3] & 0x80) == 0 : (bytes[7] & 0x08) == 0))
		v->was_in_use = true;
	return e;
}

static enum err write_info(struct fat_volume *v, uint32_t n_free)
{
	uint8_t *info;

	if (v->info_at == 0)
		return OK;
	enum err e = fat_cache_get(v, v->info_at, &info);
	if (e != OK)
		return e;
	store_le32(&info[INFO_FREE], n_free);
	store_le32(&info[INFO_NEXT], fat_has_cluster(v, v->next_free) ? v->next_free : 2);
	fat_cache_changed(v, info, FAT_SLOT_EARLY);
	e = fat_write_early(v);
	return e == OK ? fat_disk_flush(v) : e;
}

static enum err write_mark(struct fat_volume *v, bool in_use)
{
	uint8_t *bytes;
	enum err e = fat_cache_get(v, 0, &bytes);

	if (e != OK)
		return e;
	bytes[state_at(v)] = (uint8_t)((bytes[state_at(v)] & ~1u) | in_use);
	fat_cache_changed(v, bytes, FAT_SLOT_EARLY);
	if (v->bits != 12) {
		unsigned at = v->bits == 16 ? 3 : 7;
		uint8_t bit = v->bits == 16 ? 0x80 : 0x08;

		e = fat_cache_get(v, v->table_at, &bytes);
		if (e != OK)
			return e;
		bytes[at] = (uint8_t)(in_use ? bytes[at] & ~bit : bytes[at] | bit);
		fat_cache_changed(v, bytes, FAT_SLOT_EARLY);
	}
	e = fat_write_early(v);
	return e == OK ? fat_disk_flush(v) : e;
}

/* While it is in use, nobody is to rely on the number of free clusters. */
enum err fat_mark(struct fat_volume *v, bool in_use)
{
	enum err e = in_use ? OK : write_info(v, v->n_free);

	if (e == OK)
		e = write_mark(v, in_use);
	if (e == OK && in_use)
		e = write_info(v, UINT32_MAX);
	if (e == OK)
		v->is_in_use = in_use;
	return e;
}

/* --- mounting --------------------------------------------------------------------------------- */

static void forget_all(struct fat_volume *v)
{
	v->is_in_use = v->is_unflushed = v->was_in_use = false;
	v->is_read_only = v->writing == NULL || v->disk->read_only;
	v->info_at = v->root_cluster = 0;
	v->deleted = 0;
	fat_forget_places(v);
	v->n_unlinked = 0;
	v->found_len = 0;
	memset(v->writer, 0, sizeof(v->writer));
}

static enum err mount(struct fat_volume *v)
{
	uint8_t *boot;

	forget_all(v);
	enum err e = read_boot(v, &boot);
	if (e == OK)
		e = parse_sizes(v, boot);
	if (e == OK)
		e = parse_layout(v, boot);
	if (e != OK) {
		v->stats.damaged += e == ERR_DAMAGED;
		return e;
	}
	fat_cache_init(v, (unsigned)MIN(v->memory_bytes / v->sector_bytes, (size_t)FAT_SLOTS_MAX));
	e = read_info(v);
	return e == OK ? read_mark(v) : e;
}

enum err fat_mount(struct fat_volume *v)
{
	if (v->is_mounted)
		return OK;
	enum err e = mount(v);
	if (e != OK)
		return e;
	v->is_mounted = true;
	if (v->was_in_use && !v->is_read_only) {
		e = v->writing->check(v);
		/* One that is damaged can still be read. */
		if (e == ERR_DAMAGED || e == ERR_UNSUPPORTED)
			e = OK;
	}
	v->is_mounted = e == OK;
	return e;
}

enum err fat_count_free(struct fat_volume *v)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->clusters; i++) {
		uint32_t next;
		enum err e = fat_table_get(v, i + 2, &next);

		if (e != OK)
			return e;
		n += next == FAT_NEXT_FREE;
	}
	v->n_free = n;
	v->is_counted = true;
	return OK;
}
