/* SPDX-License-Identifier: ISC */
/*
 * Which sectors are read, one at a time: the MBR; then the chain of an extended partition's
 * records, or GPT's header and its entries, and if those are damaged the second copy at the disk's
 * end.
 */
#include "storage/partition/table.h"

enum { RECORDS_MAX = 128 }; /* of logical partitions */

static void read_done(struct block_request *r, enum err result)
{
	struct partition_scan *s = container_of(r, struct partition_scan, request);

	/* To whoever polls, ERR_AGAIN is something else. */
	s->result = result == ERR_AGAIN ? ERR_IO : result;
	waker_wake(&s->waker);
}

static void read_sector(struct partition_scan *s, enum partition_step step, uint64_t sector)
{
	enum err e;

	s->step = (uint8_t)step;
	s->result = ERR_AGAIN;
	s->request = (struct block_request){.op = BLOCK_READ,
					    .sector = sector,
					    .count = 1,
					    .memory = s->sector,
					    .done = read_done};
	e = block_submit(s->disk, &s->request);
	/* A queue that is full tells nobody when it is not. */
	if (e != OK)
		s->result = e == ERR_AGAIN ? ERR_NOMEM : e;
}

void partition_scan_begin(struct partition_scan *s, struct block *disk, struct waker waker)
{
	s->table = (struct partition_table){0};
	s->disk = disk;
	s->waker = waker;
	s->is_backup = false;
	s->extended_sectors = 0;
	s->records = 0;
	assert(disk->sectors == 0 || (disk->sector_bytes >= MBR_BYTES &&
				      disk->sector_bytes <= PARTITION_SECTOR_BYTES_MAX));
	read_sector(s, PARTITION_READS_MBR, 0);
}

/* --- MBR ------------------------------------------------------------------------------------- */

static enum err add_mbr(struct partition_scan *s, const struct mbr_entry *m, uint64_t base,
			uint64_t low, uint64_t span)
{
	const struct partition_entry e = {.first = base + m->first,
					  .sectors = m->sectors,
					  .mbr_type = m->type,
					  .bootable = m->bootable};

	return table_add(&s->table, &e, low, span);
}

static void read_header(struct partition_scan *s)
{
	s->table = (struct partition_table){.kind = PARTITION_GPT};
	read_sector(s, PARTITION_READS_HEADER, s->is_backup ? s->disk->sectors - 1 : GPT_HEADER_AT);
}

/* An extended partition; there may be one. It is none itself, but none may lie across its edges. */
static enum err take_extended(struct partition_scan *s, const struct mbr_entry *m)
{
	if (s->extended_sectors != 0 || m->first >= s->disk->sectors ||
	    m->sectors > s->disk->sectors - m->first)
		return ERR_INVALID;
	s->extended_first = m->first;
	s->extended_sectors = m->sectors;
	return OK;
}

static bool crosses_extended(const struct partition_scan *s)
{
	for (unsigned i = 0; i < s->table.n; i++) {
		const struct partition_entry *e = &s->table.entry[i];

		if (e->first < s->extended_first + s->extended_sectors &&
		    s->extended_first < e->first + e->sectors)
			return true;
	}
	return false;
}

static enum err take_mbr(struct partition_scan *s)
{
	struct mbr_entry entry[4];
	enum err e = mbr_parse(entry, s->sector);

	if (e != OK)
		return e;
	for (unsigned i = 0; i < 4; i++) {
		if (entry[i].type != MBR_PROTECTIVE)
			continue;
		/* Whatever else is in it is for systems that know no GPT (section 5.2.3). */
		if (entry[i].first != GPT_HEADER_AT)
			return ERR_INVALID;
		read_header(s);
		return ERR_AGAIN;
	}
	for (unsigned i = 0; i < 4 && e == OK; i++) {
		if (mbr_is_extended(entry[i].type))
			e = take_extended(s, &entry[i]);
		else if (entry[i].type != MBR_EMPTY)
			e = add_mbr(s, &entry[i], 0, 1, s->disk->sectors - 1);
	}
	if (e != OK || s->extended_sectors == 0)
		return e;
	if (crosses_extended(s))
		return ERR_INVALID;
	s->ebr = s->extended_first;
	read_sector(s, PARTITION_READS_EBR, s->ebr);
	return ERR_AGAIN;
}

static bool is_taken(const struct partition_table *t, uint64_t sector)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (sector >= t->entry[i].first && sector - t->entry[i].first < t->entry[i].sectors)
			return true;
	}
	return false;
}

/* A record of a logical partition: that, counted from here, and the next record, counted from the
 * first. Records go upwards, so that the chain ends. */
static enum err take_ebr(struct partition_scan *s)
{
	uint64_t behind = s->extended_first + s->extended_sectors;
	struct mbr_entry entry[4];
	enum err e = mbr_parse(entry, s->sector);

	if (e != OK || entry[2].type != MBR_EMPTY || entry[3].type != MBR_EMPTY)
		return ERR_INVALID;
	if (entry[0].type != MBR_EMPTY)
		e = add_mbr(s, &entry[0], s->ebr, s->ebr + 1, behind - s->ebr - 1);
	if (e != OK || entry[1].type == MBR_EMPTY)
		return e;
	if (!mbr_is_extended(entry[1].type) || entry[1].first >= s->extended_sectors ||
	    s->extended_first + entry[1].first <= s->ebr)
		return ERR_INVALID;
	s->ebr = s->extended_first + entry[1].first;
	if (is_taken(&s->table, s->ebr) || ++s->records == RECORDS_MAX)
		return ERR_INVALID;
	read_sector(s, PARTITION_READS_EBR, s->ebr);
	return ERR_AGAIN;
}

/* --- GPT ------------------------------------------------------------------------------------- */

static enum err take_header(struct partition_scan *s)
{
	enum err e = gpt_header_parse(&s->header, s->sector, s->disk->sector_bytes,
				      s->request.sector, s->disk->sectors);

	if (e != OK)
		return e;
	s->entries_done = 0;
	s->crc = 0;
	read_sector(s, PARTITION_READS_ENTRIES, s->header.entries_at);
	return ERR_AGAIN;
}

/* A sector of entries. What they say counts when the CRC of all is right. */
static enum err take_entries(struct partition_scan *s)
{
	const struct gpt_header *h = &s->header;
	uint32_t n = MIN(s->disk->sector_bytes / h->entry_bytes, h->n_entries - s->entries_done);
	enum err e = OK;

	s->crc = gpt_crc32(s->crc, s->sector, (size_t)n * h->entry_bytes);
	for (uint32_t i = 0; i < n && e == OK; i++)
		e = gpt_entry_add(&s->table, h, &s->sector[i * h->entry_bytes]);
	if (e != OK)
		return e;
	s->entries_done += n;
	if (s->entries_done == h->n_entries)
		return s->crc == h->entries_crc ? OK : ERR_INVALID;
	read_sector(s, PARTITION_READS_ENTRIES, s->request.sector + 1);
	return ERR_AGAIN;
}

static enum err take(struct partition_scan *s)
{
	switch ((enum partition_step)s->step) {
	case PARTITION_READS_MBR:
		return take_mbr(s);
	case PARTITION_READS_EBR:
		return take_ebr(s);
	case PARTITION_READS_HEADER:
		return take_header(s);
	case PARTITION_READS_ENTRIES:
		return take_entries(s);
	}
	return ERR_INVALID;
}

enum err partition_scan_poll(struct partition_scan *s)
{
	bool is_gpt;
	enum err e = s->result;

	if (e == OK)
		e = take(s);
	is_gpt = s->step == PARTITION_READS_HEADER || s->step == PARTITION_READS_ENTRIES;
	/* Damaged, or not to be read: there is another copy. */
	if (is_gpt && !s->is_backup && (e == ERR_INVALID || e == ERR_IO)) {
		s->is_backup = true;
		read_header(s);
		e = ERR_AGAIN;
	}
	/* What failed at once has nobody who would wake. */
	if (e == ERR_AGAIN && s->result != ERR_AGAIN)
		waker_wake(&s->waker);
	else if (e != ERR_AGAIN)
		s->result = e;
	return e;
}
