/* SPDX-License-Identifier: ISC */
/*
 * A disk of 64 sectors whose content is the input: a byte of flags (sectors of 4096 bytes, right
 * checksums for both copies of GPT, a sector that cannot be read), then pieces, each a sector's
 * number, a place in it by 16 bits, a length and so many bytes. What comes out lies on the disk,
 * does not overlap, and took a bounded number of reads.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "storage/partition/table.h"

enum { SECTORS = 64, BIG_SECTORS = 1, CHECKSUMS = 2, BAD_SECTOR = 4, READS_MAX = 700 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzzed_disk {
	struct disk disk;
	uint8_t bytes[SECTORS * PARTITION_SECTOR_BYTES_MAX];
	uint64_t bad_sector; /* 0: none */
	unsigned reads;
};

static enum err read(struct disk *disk, uint64_t sector, uint32_t count, void *out)
{
	struct fuzzed_disk *d = container_of(disk, struct fuzzed_disk, disk);

	assert(++d->reads < READS_MAX);
	if (d->bad_sector != 0 && d->bad_sector == sector)
		return ERR_IO;
	memcpy(out, &d->bytes[sector * disk->sector_bytes], (size_t)count * disk->sector_bytes);
	return OK;
}

static void write_pieces(struct fuzzed_disk *d, const uint8_t *data, size_t size)
{
	while (size > 4) {
		uint32_t at = load_le16(&data[1]) % d->disk.sector_bytes;
		size_t len = MIN(MIN((size_t)data[3] + 1, size - 4),
				 (size_t)(d->disk.sector_bytes - at));

		memcpy(&d->bytes[(data[0] % SECTORS) * d->disk.sector_bytes + at], &data[4], len);
		data += 4 + len;
		size -= 4 + len;
	}
}

/* Makes the checksums of the header in `sector` right, of entries that lie on the disk. */
static void seal(struct fuzzed_disk *d, uint64_t sector)
{
	uint8_t *h = &d->bytes[sector * d->disk.sector_bytes];
	uint64_t at = load_le64(&h[72]);
	uint64_t len = (uint64_t)load_le32(&h[80]) * load_le32(&h[84]);
	uint32_t header_len = load_le32(&h[12]);

	if (at < SECTORS && len <= (SECTORS - at) * d->disk.sector_bytes)
		store_le32(&h[88], gpt_crc32(0, &d->bytes[at * d->disk.sector_bytes], len));
	store_le32(&h[16], 0);
	if (header_len <= d->disk.sector_bytes)
		store_le32(&h[16], gpt_crc32(0, h, header_len));
}

static void check(const struct partition_table *t)
{
	assert(t->n <= PARTITIONS_MAX);
	for (unsigned i = 0; i < t->n; i++) {
		const struct partition_entry *a = &t->entry[i];

		assert(strnlen(a->label, sizeof(a->label)) < sizeof(a->label));
		assert(a->sectors > 0 && a->first > 0);
		assert(a->first < SECTORS && a->sectors <= SECTORS - a->first);
		for (unsigned j = 0; j < i; j++) {
			const struct partition_entry *b = &t->entry[j];

			assert(a->first >= b->first + b->sectors ||
			       b->first >= a->first + a->sectors);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct disk_ops ops = {.read = read};
	static struct partitions partitions;
	static struct fuzzed_disk d;

	if (size == 0)
		return 0;
	d.disk = (struct disk){.ops = &ops,
			       .sectors = SECTORS,
			       .sector_bytes = (data[0] & BIG_SECTORS) != 0 ? 4096 : 512};
	d.reads = 0;
	memset(d.bytes, 0, SECTORS * d.disk.sector_bytes);
	write_pieces(&d, data + 1, size - 1);
	if ((data[0] & CHECKSUMS) != 0) {
		seal(&d, 1);
		seal(&d, SECTORS - 1);
	}
	d.bad_sector = (data[0] & BAD_SECTOR) != 0 ? data[0] >> 3 : 0;
	if (partitions_read(&partitions, &d.disk) == OK)
		check(&partitions.table);
	return 0;
}
