/* SPDX-License-Identifier: ISC */
/*
 * Flash memory whose content is the input: a byte of flags (from an empty medium rather than from a
 * store with a few values; right CRCs of block headers; right ones of records; many changes), then
 * pieces, each a block's number, a place in it by 16 bits, a length and so many bytes. It is
 * mounted, read, listed and changed; nothing is programmed twice, all ends after a bounded number
 * of calls, and what is there afterwards is there after the next mount, damage or not.
 */
#include <string.h>

#include "base/crc32c.h"
#include "storage/log/internal.h"
#include "tests/fakes/flash_memory.h"

enum {
	BLOCKS = 8,
	BLOCK_BYTES = 1024,
	EMPTY = 1,
	HEADERS = 2,
	RECORDS = 4,
	READ_ONLY = 8,
	MANY = 16,
	CALLS_MAX = 400000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct subject {
	struct flash_memory flash;
	struct kvlog store;
	struct kvlog_config config;
	struct kvlog_entry index[32];
	uint8_t map[KVLOG_MAP_BYTES(BLOCKS)], buffer[128], piece[300];
};

static void begin(struct subject *s)
{
	flash_memory_init(&s->flash, BLOCKS, BLOCK_BYTES, 4, 0);
	s->config = (struct kvlog_config){.flash = &s->flash.flash,
					  .index = s->index,
					  .index_len = ARRAY_SIZE(s->index),
					  .map = s->map,
					  .map_bytes = sizeof(s->map),
					  .buffer = s->buffer,
					  .buffer_bytes = sizeof(s->buffer),
					  .piece = s->piece,
					  .piece_bytes = sizeof(s->piece),
					  .id = 7,
					  .format = true};
}

/* A store with small and large values, over several blocks, one of them collected. */
static void make_example(struct subject *s)
{
	struct kv_rw *kv = &s->store.rw;
	uint8_t bytes[700];

	assert(kvlog_mount(&s->store, &s->config) == OK);
	memset(bytes, 'x', sizeof(bytes));
	for (unsigned i = 0; i < 12; i++) {
		const struct kv_change both[] = {
			{.key = "d/one", .key_len = 5, .bytes = bytes, .len = i},
			{.key = "d/two", .key_len = 5, .bytes = i % 2 ? bytes : NULL, .len = 5}};

		(void)!kv_set(kv, "large", 5, bytes, 650 + i);
		(void)!kv_batch(kv, both, 2);
		(void)!kv_set(kv, "small", 5, bytes, 40);
		(void)!kv_sync(kv);
	}
}

static void write_pieces(struct subject *s, const uint8_t *data, size_t size)
{
	while (size > 4) {
		uint32_t at = load_le16(&data[1]) % BLOCK_BYTES;
		size_t len = MIN(MIN((size_t)data[3] + 1, size - 4), (size_t)(BLOCK_BYTES - at));

		memcpy(&s->flash.bytes[data[0] % BLOCKS * BLOCK_BYTES + at], &data[4], len);
		data += 4 + len;
		size -= 4 + len;
	}
}

static void seal_header(uint8_t *block)
{
	store_le32(&block[60], crc32c(0, block, 60));
}

/* Makes the CRCs of the records from `off` on right, as far as their lengths make sense. */
static void seal_records(const struct kvlog *s, uint8_t *block)
{
	uint64_t seq = load_le64(&block[32]);
	uint32_t carry = load_le32(&block[52]) % BLOCK_BYTES;

	for (uint32_t off = 64 + carry / 4 * 4; off + KVLOG_RECORD_BYTES <= BLOCK_BYTES;) {
		uint8_t *p = &block[off];
		struct kvlog_record r = {.pos = {seq, off},
					 .type = p[0],
					 .key_len = p[1],
					 .claim = load_le16(&p[2]) * 4u,
					 .body_len = load_le32(&p[4]),
					 .index = load_le16(&p[8]),
					 .left = load_le16(&p[10])};
		static const uint8_t metas[] = {0, 16, 36, 0, 0, 0, 8};

		r.meta_len = r.type < sizeof(metas) ? metas[r.type] : 0;
		r.key = &p[KVLOG_RECORD_BYTES];
		r.meta = r.key + r.key_len;
		uint32_t head = KVLOG_RECORD_BYTES + r.key_len + r.meta_len;
		if (r.type == 0 || r.type >= KVLOG_TYPES || r.body_len > BLOCK_BYTES - off ||
		    head + r.body_len > BLOCK_BYTES - off) {
			off += 4;
			continue;
		}
		r.body_crc = crc32c(0, p + head, r.body_len);
		kvlog_record_emit(s, &r, p);
		off += ROUND_UP(head + r.body_len, 4);
	}
}

static void seal(struct subject *s, unsigned flags)
{
	/* Of the store whose records they are to be. */
	struct kvlog of = {.unit = 4, .id = 7};

	for (unsigned i = 0; i < BLOCKS; i++) {
		uint8_t *block = &s->flash.bytes[i * BLOCK_BYTES];

		if (load_le32(&block[0]) != 0x61746166) /* "fata" */
			continue;
		if ((flags & HEADERS) != 0)
			seal_header(block);
		of.id = load_le64(&block[24]);
		if ((flags & RECORDS) != 0)
			seal_records(&of, block);
	}
	/* What is there has been programmed, as far as the chip knows. */
	for (unsigned i = 0; i < BLOCKS * BLOCK_BYTES / 4; i++)
		s->flash.programmed[i] = load_le32(&s->flash.bytes[i * 4]) != UINT32_MAX;
}

/* Reads all there is; returns a hash of it. */
static uint64_t read_all(struct kvlog *s, const char *folder, unsigned depth)
{
	struct kv *kv = &s->rw.kv;
	struct kv_cursor cursor = {0};
	uint64_t sum = 0;
	unsigned n = 0;

	for (struct kv_entry entry; kv_list(kv, folder, strlen(folder), &cursor, &entry) == OK;) {
		char key[KV_KEY_BYTES_MAX * 2 + 2];
		size_t len = strlen(folder);
		uint8_t bytes[200];

		assert(n++ <= s->config.index_len);
		memcpy(key, folder, len);
		if (len > 0)
			key[len++] = '/';
		strcpy(&key[len], entry.name);
		if (strlen(key) > KV_KEY_BYTES_MAX)
			continue;
		if (entry.info.is_folder && depth < 4)
			sum += read_all(s, key, depth + 1);
		ssize_t got = kv_read(kv, key, strlen(key), 0, bytes, sizeof(bytes));
		assert(got <= (ssize_t)sizeof(bytes));
		sum += kvlog_hash(s, KVLOG_BY_KEY, entry.name, strlen(entry.name)) + (uint64_t)got;
		(void)kv_read(kv, key, strlen(key), entry.info.bytes / 2, bytes, sizeof(bytes));
	}
	return sum;
}

static void change(struct kvlog *s, unsigned rounds)
{
	struct kv_rw *kv = &s->rw;
	uint8_t bytes[700] = {1};
	struct kv_writer w;
	const struct kv_change both[] = {{.key = "small", .key_len = 5},
					 {.key = "b", .key_len = 1, .bytes = bytes, .len = 100}};

	for (unsigned i = 0; i < rounds; i++) {
		(void)!kv_set(kv, "a", 1, bytes, 50 * i);
		(void)!kv_batch(kv, both, 2);
		(void)!kv_rename(kv, "large", 5, "larger", 6);
		(void)!kv_remove(kv, "d/one", 5);
		(void)!kv_sync(kv);
		if (kv_open(kv, &w, "w", 1) == OK) {
			(void)!kv_append(&w, bytes, 650);
			(void)kv_close(&w, i % 2 == 0);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct subject s, example;

	if (size == 0)
		return 0;
	if (example.config.flash == NULL) {
		begin(&example);
		make_example(&example);
	}
	begin(&s);
	if ((data[0] & EMPTY) == 0)
		flash_memory_copy(&s.flash, &example.flash);
	write_pieces(&s, data + 1, size - 1);
	seal(&s, data[0]);
	s.config.read_only = (data[0] & READ_ONLY) != 0;
	if (kvlog_mount(&s.store, &s.config) == OK) {
		read_all(&s.store, "", 0);
		change(&s.store, (data[0] & MANY) != 0 ? 12 : 2);
		if (kv_sync(&s.store.rw) == OK && !s.config.read_only) {
			uint64_t sum = read_all(&s.store, "", 0);

			assert(kvlog_mount(&s.store, &s.config) == OK);
			assert(read_all(&s.store, "", 0) == sum);
		}
	}
	uint64_t calls = 0;
	for (unsigned i = 0; i < FLASH_MEMORY_CALLS; i++)
		calls += s.flash.calls[i];
	assert(calls < CALLS_MAX);
	flash_memory_fini(&s.flash);
	return 0;
}
