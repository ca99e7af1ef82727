/* SPDX-License-Identifier: ISC */
/*
 * An archive that is the input: a byte of flags (where it lies, and whether the checksums of
 * headers are made right where there is one), then its blocks. Whatever is mounted can be listed,
 * and each value read, from memory and from a disk alike, in a bounded number of reads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "storage/tar/tar.h"

enum {
	FILES = 8,
	NAMES = 512,
	ON_DISK = 1,
	SEAL = 2,
	BIG_SECTORS = 4,
	BLOCKS_MAX = 64,
	READS_MAX = 10000,
	LIST_MAX = 100,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_disk {
	struct disk disk;
	const uint8_t *bytes;
	unsigned reads;
};

static enum err fuzz_read(struct disk *disk, uint64_t sector, uint32_t count, void *out)
{
	struct fuzz_disk *d = container_of(disk, struct fuzz_disk, disk);

	assert(++d->reads < READS_MAX);
	memcpy(out, d->bytes + sector * disk->sector_bytes, (size_t)count * disk->sector_bytes);
	return OK;
}

/* Makes right what is not by chance, in each block that could be a header. */
static void seal(uint8_t *bytes, size_t len)
{
	for (; len >= TAR_BLOCK_BYTES; bytes += TAR_BLOCK_BYTES, len -= TAR_BLOCK_BYTES) {
		unsigned sum = 0;

		if (memcmp(bytes + 257, "ustar", 5) != 0)
			continue;
		memset(bytes + 148, ' ', 8);
		for (unsigned i = 0; i < TAR_BLOCK_BYTES; i++)
			sum += bytes[i];
		for (int i = 5; i >= 0; i--, sum >>= 3)
			bytes[148 + i] = (uint8_t)('0' + (sum & 7));
		bytes[154] = 0;
	}
}

static void read_whole(struct kv *kv, const struct kv_name *key)
{
	static uint8_t out[700];
	struct kv_info info;
	enum err e = kv_stat(kv, key->at, key->len, &info);
	uint64_t at = 0;
	ssize_t n;

	assert(e == OK && kv_key_is_valid(key->at, key->len));
	while ((n = kv_read(kv, key->at, key->len, at, out, sizeof(out))) > 0)
		at += (uint64_t)n;
	assert(n == 0 && at == info.bytes);
}

static void use(struct tar *t)
{
	struct kv_cursor cursor = {0};
	static struct kv_entry entry;
	struct kv_name key;
	unsigned entries = 0;

	for (unsigned i = 0; t->kv.ops->nth(&t->kv, i, &key) == OK; i++)
		read_whole(&t->kv, &key);
	while (kv_list(&t->kv, "", 0, &cursor, &entry) == OK)
		assert(++entries < LIST_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct disk_ops ops = {.read = fuzz_read};
	static struct tar_file files[FILES];
	static char names[NAMES];
	static uint8_t sector[TAR_SECTOR_BYTES_MAX];
	const struct tar_room room = {files, FILES, names, NAMES, sector};
	static struct tar t;

	if (size == 0)
		return 0;
	const uint8_t flags = data[0];
	const uint32_t sector_bytes = (flags & BIG_SECTORS) != 0 ? 4096 : 512;
	size_t len = size - 1;
	if ((flags & ON_DISK) != 0)
		len -= len % sector_bytes;
	uint8_t *bytes = malloc(len > 0 ? len : 1);
	memcpy(bytes, data + 1, len);
	if ((flags & SEAL) != 0)
		seal(bytes, len);
	struct fuzz_disk disk = {
		.disk = {.ops = &ops, .sectors = len / sector_bytes, .sector_bytes = sector_bytes},
		.bytes = bytes,
	};
	enum err e = (flags & ON_DISK) != 0 ? tar_mount(&t, &disk.disk, &room)
					    : tar_mount_memory(&t, bytes, len, &room);
	if (e == OK)
		use(&t);
	free(bytes);
	return 0;
}
