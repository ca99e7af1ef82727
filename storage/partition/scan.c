/* SPDX-License-Identifier: ISC */
/*
 * Which sectors are read, one at a time: the MBR; then the chain of an extended partition's
 * records, or GPT's header and its entries, and if those are damaged the second copy at the disk's
 * end.
 */
#include "storage/partition/table.h"

enum {
	RECORDS_MAX = 128, /* of logical partitions */
	FIRST_LOGICAL = 5, /* its number */
};

static enum err read_sector(struct partitions *p, uint64_t sector)
{
	return disk_read(p->disk, sector, 1, p->sector);
}

/* --- MBR ------------------------------------------------------------------------------------- */

/* The extended partition of a disk; there may be one. It is none itself. */
struct extended {
	uint64_t first, sectors; /* 0: there is none */
};

static enum err add_mbr(struct partitions *p, const struct mbr_entry *m, unsigned number,
			uint64_t base, uint64_t low, uint64_t span)
{
	const struct partition_entry e = {.first = base + m->first,
					  .sectors = m->sectors,
					  .number = (uint16_t)number,
					  .mbr_type = m->type,
					  .bootable = m->bootable};

	return table_add(&p->table, &e, low, span);
}

static enum err take_extended(const struct partitions *p, struct extended *x,
			      const struct mbr_entry *m)
{
	if (x->sectors != 0 || !disk_has(p->disk, m->first, m->sectors))
		return ERR_INVALID;
	*x = (struct extended){m->first, m->sectors};
	return OK;
}

/* No partition may lie across its edges. */
static bool crosses_extended(const struct partition_table *t, const struct extended *x)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct partition_entry *e = &t->entry[i];

		if (e->first < x->first + x->sectors && x->first < e->first + e->sectors)
			return true;
	}
	return false;
}

static bool is_taken(const struct partition_table *t, uint64_t sector)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (sector >= t->entry[i].first && sector - t->entry[i].first < t->entry[i].sectors)
			return true;
	}
	return false;
}

/*
 * A record of a logical partition, at `*ebr`: that, counted from here, and the next record, counted
 * from the first, to which `*ebr` goes; 0: it was the last. Records go upwards, so that the chain
 * ends.
 */
static enum err read_record(struct partitions *p, const struct extended *x, uint64_t *ebr,
			    unsigned *number)
{
	uint64_t at = *ebr, behind = x->first + x->sectors;
	struct mbr_entry entry[4];
	enum err e = read_sector(p, at);

	if (e != OK)
		return e;
	*ebr = 0;
	e = mbr_parse(entry, p->sector);
	if (e != OK || entry[2].type != MBR_EMPTY || entry[3].type != MBR_EMPTY)
		return ERR_INVALID;
	if (entry[0].type != MBR_EMPTY)
		e = add_mbr(p, &entry[0], (*number)++, at, at + 1, behind - at - 1);
	if (e != OK || entry[1].type == MBR_EMPTY)
		return e;
	if (!mbr_is_extended(entry[1].type) || entry[1].first >= x->sectors ||
	    x->first + entry[1].first <= at || is_taken(&p->table, x->first + entry[1].first))
		return ERR_INVALID;
	*ebr = x->first + entry[1].first;
	return OK;
}

static enum err read_logical(struct partitions *p, const struct extended *x)
{
	unsigned number = FIRST_LOGICAL, records = 0;
	uint64_t ebr = x->first;
	enum err e = OK;

	if (crosses_extended(&p->table, x))
		return ERR_INVALID;
	while (e == OK && ebr != 0) {
		if (records++ == RECORDS_MAX)
			return ERR_INVALID;
		e = read_record(p, x, &ebr, &number);
	}
	return e;
}

static enum err take_mbr(struct partitions *p, const struct mbr_entry entry[static 4])
{
	struct extended x = {0};
	enum err e = OK;

	for (unsigned i = 0; i < 4 && e == OK; i++) {
		if (mbr_is_extended(entry[i].type))
			e = take_extended(p, &x, &entry[i]);
		else if (entry[i].type != MBR_EMPTY)
			e = add_mbr(p, &entry[i], i + 1, 0, 1, p->disk->sectors - 1);
	}
	return e == OK && x.sectors != 0 ? read_logical(p, &x) : e;
}

/* --- GPT ------------------------------------------------------------------------------------- */

/* What entries say counts when the CRC of all is right. */
static enum err read_entries(struct partitions *p, const struct gpt_header *h)
{
	uint32_t in_sector = p->disk->sector_bytes / h->entry_bytes, crc = 0;
	uint64_t at = h->entries_at;
	enum err e = OK;

	for (uint32_t done = 0, n; done < h->n_entries; done += n, at++) {
		n = MIN(in_sector, h->n_entries - done);
		e = read_sector(p, at);
		if (e != OK)
			return e;
		crc = gpt_crc32(crc, p->sector, (size_t)n * h->entry_bytes);
		for (uint32_t i = 0; i < n && e == OK; i++)
			e = gpt_entry_add(&p->table, h, &p->sector[i * h->entry_bytes],
					  done + i + 1);
		if (e != OK)
			return e;
	}
	return crc == h->entries_crc ? OK : ERR_INVALID;
}

static enum err read_copy(struct partitions *p, uint64_t at)
{
	struct gpt_header h;
	enum err e;

	p->table = (struct partition_table){.kind = PARTITION_GPT};
	e = read_sector(p, at);
	if (e == OK)
		e = gpt_header_parse(&h, p->sector, p->disk->sector_bytes, at, p->disk->sectors);
	return e == OK ? read_entries(p, &h) : e;
}

static enum err read_gpt(struct partitions *p)
{
	enum err e = read_copy(p, GPT_HEADER_AT);

	/* Damaged, or not to be read: there is another copy. */
	return e == ERR_INVALID || e == ERR_IO ? read_copy(p, p->disk->sectors - 1) : e;
}

/* Whatever else stands beside a protective entry is for systems that know no GPT (section 5.2.3).
 */
static bool is_protective(const struct mbr_entry entry[static 4], uint64_t *first)
{
	for (unsigned i = 0; i < 4; i++) {
		*first = entry[i].first;
		if (entry[i].type == MBR_PROTECTIVE)
			return true;
	}
	return false;
}

static enum err read_table(struct partitions *p)
{
	struct mbr_entry entry[4];
	uint64_t first;
	enum err e = read_sector(p, 0);

	if (e == OK)
		e = mbr_parse(entry, p->sector);
	if (e != OK)
		return e;
	if (!is_protective(entry, &first))
		return take_mbr(p, entry);
	return first == GPT_HEADER_AT ? read_gpt(p) : ERR_INVALID;
}

enum err partitions_read(struct partitions *p, struct disk *disk)
{
	enum err e;

	p->table = (struct partition_table){0};
	p->disk = disk;
	if (disk->sectors == 0)
		return ERR_NODEV;
	assert(disk->sector_bytes >= MBR_BYTES && disk->sector_bytes <= sizeof(p->sector));
	e = read_table(p);
	if (e != OK)
		p->table = (struct partition_table){0};
	return e;
}
