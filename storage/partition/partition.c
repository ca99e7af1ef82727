/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "partition"
#include "storage/partition/partition.h"

#include <string.h>

#include "base/log.h"

static struct partition *of(struct disk *d)
{
	return container_of(d, struct partition, disk);
}

/* What is asked for lies within the partition, as hal/disk.h has seen, and that on the disk. */
static enum err read(struct disk *d, uint64_t sector, uint32_t count, void *out)
{
	return disk_read(of(d)->whole, of(d)->first + sector, count, out);
}

static enum err write(struct disk *d, uint64_t sector, uint32_t count, const void *bytes)
{
	return disk_write(of(d)->whole, of(d)->first + sector, count, bytes);
}

static enum err zero(struct disk *d, uint64_t sector, uint64_t count)
{
	return disk_zero(of(d)->whole, of(d)->first + sector, count);
}

static enum err discard(struct disk *d, uint64_t sector, uint64_t count)
{
	return disk_discard(of(d)->whole, of(d)->first + sector, count);
}

static enum err flush(struct disk *d)
{
	return disk_flush(of(d)->whole);
}

static const struct disk_ops partition_ops = {
	.read = read, .write = write, .zero = zero, .discard = discard, .flush = flush};

enum err partition_init(struct partition *p, struct disk *disk, const struct partition_entry *entry,
			const char *name)
{
	if (disk->sectors == 0)
		return ERR_NODEV;
	if (entry->sectors == 0 || !disk_has(disk, entry->first, entry->sectors))
		return ERR_RANGE;
	*p = (struct partition){
		.disk = {.ops = &partition_ops,
			 .name = name,
			 .sectors = entry->sectors,
			 .sector_bytes = disk->sector_bytes,
			 .read_only = disk->read_only},
		.whole = disk,
		.first = entry->first,
	};
	return OK;
}

static bool fits(const struct partition_entry *e, const struct partition_wish *wish)
{
	return (wish->number == 0 || e->number == wish->number) &&
	       (wish->label == NULL || strcmp(e->label, wish->label) == 0) &&
	       (wish->guid == NULL || memcmp(e->guid, wish->guid, sizeof(e->guid)) == 0);
}

const struct partition_entry *partition_find(const struct partition_table *t,
					     const struct partition_wish *wish)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (fits(&t->entry[i], wish))
			return &t->entry[i];
	}
	return NULL;
}

void partitions_start(struct partitions *p, struct disk *disk)
{
	enum err e = partitions_read(p, disk);

	/* Of a medium that is not there its driver has told. */
	if (e == ERR_NOTFOUND)
		log_error("%s: it has no table of partitions", disk->name);
	else if (e != OK && e != ERR_NODEV)
		log_error("%s: its table of partitions cannot be read: %s", disk->name, err_str(e));
}

void partition_start(struct partition *p, const struct partitions *from,
		     const struct partition_wish *wish, const char *name)
{
	const struct partition_entry *e = partition_find(&from->table, wish);

	if (e != NULL && partition_init(p, from->disk, e, name) == OK) {
		log_info("%s: %llu sectors, partition %u of %s", name,
			 (unsigned long long)e->sectors, (unsigned)e->number, from->disk->name);
		return;
	}
	*p = (struct partition){.disk = {.ops = &partition_ops, .name = name}};
	if (from->table.n > 0)
		log_error("%s: there is no such partition on %s", name, from->disk->name);
}
