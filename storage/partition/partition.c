/* SPDX-License-Identifier: ISC */
#include "storage/partition/partition.h"

static enum err start(struct block *b)
{
	const struct partition *p = container_of(b, struct partition, block);

	return p->disk->sectors != 0 ? OK : ERR_NODEV;
}

/* Its requests are the disk's, and end with it. */
static void stop(struct block *b)
{
	(void)b;
}

static enum err submit(struct block *b, struct block_request *r)
{
	const struct partition *p = container_of(b, struct partition, block);
	uint64_t sector = r->sector;
	enum err e;

	/* It lies within the partition, as block_submit() has seen, and that on the disk. */
	if (r->op != BLOCK_FLUSH)
		r->sector += p->first;
	e = block_submit(p->disk, r);
	if (e != OK)
		r->sector = sector;
	return e;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	(void)b;
	(void)now_us;
	return UINT64_MAX; /* the disk has a task of its own */
}

static const struct block_ops partition_ops = {
	.start = start, .stop = stop, .submit = submit, .poll = poll};

enum err partition_init(struct partition *p, struct block *disk,
			const struct partition_entry *entry, const char *name)
{
	if (disk->sectors == 0)
		return ERR_NODEV;
	if (entry->sectors == 0 || entry->first > disk->sectors ||
	    entry->sectors > disk->sectors - entry->first)
		return ERR_RANGE;
	*p = (struct partition){
		.block = {.ops = &partition_ops,
			  .name = name,
			  .sectors = entry->sectors,
			  .sector_bytes = disk->sector_bytes,
			  .read_only = disk->read_only},
		.disk = disk,
		.first = entry->first,
	};
	return OK;
}
