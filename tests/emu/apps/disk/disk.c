/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "hal/block.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/time.h"
#include "storage/partition/partition.h"
#include "unikernel.h"

enum { SECTOR = 512, SECTORS_MAX = 2048, WATCH_US = 50000, SPEED_US = US_PER_S };

static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS_MAX * SECTOR];
static struct block *disk;

struct transfer {
	struct block_request request;
	struct fiber *fiber;
	enum err result;
	bool ended, inside;
};

static void done(struct block_request *r, enum err result)
{
	struct transfer *t = container_of(r, struct transfer, request);

	assert(!t->inside && !t->ended);
	t->ended = true;
	t->result = result;
	fiber_wake(t->fiber);
}

static enum err transfer(enum block_op op, uint64_t sector, uint32_t count, uint8_t *bytes)
{
	struct transfer t = {
		.request =
			{.op = op, .sector = sector, .count = count, .memory = bytes, .done = done},
		.fiber = fiber_current(),
		.inside = true,
	};
	enum err e = block_submit(disk, &t.request);

	t.inside = false;
	if (e != OK)
		return e;
	while (!t.ended)
		fiber_park();
	return t.result;
}

static uint32_t adler32(const uint8_t *bytes, size_t len)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < len; i++) {
		a = (a + bytes[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static int say(const char *what, enum err e)
{
	console_printf("%s: %s\n", what, e == OK ? "good" : err_str(e));
	return e == OK ? 0 : 1;
}

static int read_once(uint64_t sector, uint32_t count)
{
	enum err e = transfer(BLOCK_READ, sector, count, memory);

	if (e == OK)
		console_printf("adler32 %08x\n", (unsigned)adler32(memory, (size_t)count * SECTOR));
	return say("read", e);
}

/* Byte i of sector n is n + 7i, after which all is read back into zeroed memory. */
static int write_once(uint64_t sector, uint32_t count)
{
	enum err e;

	for (size_t i = 0; i < (size_t)count * SECTOR; i++)
		memory[i] = (uint8_t)(sector + i / SECTOR + 7 * (i % SECTOR));
	e = transfer(BLOCK_WRITE, sector, count, memory);
	if (e == OK)
		e = transfer(BLOCK_FLUSH, 0, 0, NULL);
	if (e != OK)
		return say("write", e);
	memset(memory, 0, sizeof(memory));
	e = transfer(BLOCK_READ, sector, count, memory);
	for (size_t i = 0; e == OK && i < (size_t)count * SECTOR; i++) {
		if (memory[i] != (uint8_t)(sector + i / SECTOR + 7 * (i % SECTOR)))
			e = ERR_IO;
	}
	return say("write", e);
}

/* Eight requests at a time, in whichever order they end. */
static int read_many(uint64_t sector, uint32_t count)
{
	struct transfer t[8] = {0};
	enum err e = OK;

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		t[i].fiber = fiber_current();
		t[i].request = (struct block_request){.op = BLOCK_READ,
						      .sector = sector + i * count,
						      .count = count,
						      .memory = memory + i * count * SECTOR,
						      .done = done};
		if (block_submit(disk, &t[i].request) != OK)
			return say("many", ERR_INVALID);
	}
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		while (!t[i].ended)
			fiber_park();
		e = e == OK ? t[i].result : e;
	}
	console_printf("adler32 %08x\n", (unsigned)adler32(memory, ARRAY_SIZE(t) * count * SECTOR));
	return say("many", e);
}

/* How fast it is read from its begin to its end, and again, in pieces of `count` sectors. */
static int measure(uint32_t count)
{
	uint64_t begin_us = time_now_us(), us = 0, sectors = 0, at = 0;

	while (us < SPEED_US) {
		enum err e = transfer(BLOCK_READ, at, count, memory);

		if (e != OK)
			return say("speed", e);
		sectors += count;
		at = at + 2 * count <= disk->sectors ? at + count : 0;
		us = time_now_us() - begin_us;
	}
	console_printf("%llu KiB/s\n",
		       (unsigned long long)(sectors * SECTOR * US_PER_S / 1024 / us));
	return 0;
}

/* The partitions, and the first sector of the last, read through it. */
static int tell_table(struct partition_scan *scan)
{
	static struct partition last;
	enum err e;

	partition_scan_begin(scan, disk, fiber_waker(fiber_current()));
	while ((e = partition_scan_poll(scan)) == ERR_AGAIN)
		fiber_park();
	for (unsigned i = 0; e == OK && i < scan->table.n; i++) {
		const struct partition_entry *p = &scan->table.entry[i];

		console_printf("partition at %llu of %llu type %02x%02x\n",
			       (unsigned long long)p->first, (unsigned long long)p->sectors,
			       p->mbr_type, p->type_guid[0]);
		e = partition_init(&last, disk, p, "last");
	}
	if (e != OK || scan->table.n == 0)
		return say("table", e);
	disk = &last.block;
	return read_once(0, 1);
}

/* Tells what becomes of reading, when that changes, and starts the disk anew when its card went. */
static void watch(uint64_t sector, uint32_t count)
{
	enum err last = ERR_AGAIN;

	for (;;) {
		enum err e = transfer(BLOCK_READ, sector, count, memory);

		if (e != last)
			say("watch", e);
		last = e;
		if (e == ERR_NODEV && block_start(disk) == OK)
			continue;
		fiber_sleep(WATCH_US);
	}
}

int disk_test(struct block *block, struct partition_scan *scan, const char *mode, uint32_t sector,
	      uint32_t count)
{
	enum err e;

	disk = block;
	e = block_start(disk);
	if (e != OK)
		say("start", e);
	else
		console_printf("%llu sectors of %u%s\n", (unsigned long long)disk->sectors,
			       (unsigned)disk->sector_bytes, disk->read_only ? ", read-only" : "");
	if (strcmp(mode, "read") == 0)
		return read_once(sector, count);
	if (strcmp(mode, "write") == 0)
		return write_once(sector, count);
	if (strcmp(mode, "many") == 0)
		return read_many(sector, count);
	if (strcmp(mode, "speed") == 0)
		return measure(count);
	if (strcmp(mode, "table") == 0)
		return tell_table(scan);
	watch(sector, count);
	return 0;
}
