/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "hal/block.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/time.h"
#include "unikernel.h"

enum { SECTOR = 512, SECTORS_MAX = 2048, FLIGHT = 32, WATCH_US = 50000, SPEED_US = US_PER_S };

enum { MEMORY_BYTES = SECTORS_MAX * SECTOR };

/* A variable of that size would be far, and all objects of the image others than of most. */
static uint8_t *memory;
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
	memset(memory, 0, MEMORY_BYTES);
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

/* 32 requests that write, of two pieces each and in no order, then 32 that read; then what else the
 * device can. */
static enum err flight(enum block_op op, uint32_t count)
{
	static struct block_piece pieces[FLIGHT][2];
	static struct transfer t[FLIGHT];
	enum err e = OK;

	for (uint32_t i = 0; i < FLIGHT; i++) {
		uint32_t place = i * 13 % FLIGHT;
		uint8_t *at = memory + (size_t)place * count * SECTOR;

		pieces[i][0] = (struct block_piece){at, 1};
		pieces[i][1] = (struct block_piece){at + SECTOR, count - 1};
		t[i] = (struct transfer){.fiber = fiber_current(),
					 .request = {.op = op,
						     .sector = place * count,
						     .count = count,
						     .pieces = pieces[i],
						     .n_pieces = 2,
						     .done = done}};
		if (e == OK)
			e = block_submit(disk, &t[i].request);
		t[i].ended = e != OK;
	}
	for (uint32_t i = 0; i < FLIGHT; i++) {
		while (!t[i].ended)
			fiber_park();
		e = e == OK ? t[i].result : e;
	}
	return e;
}

static bool is_pattern(uint32_t sectors)
{
	for (size_t i = 0; i < (size_t)sectors * SECTOR; i++) {
		if (memory[i] != (uint8_t)(i / SECTOR + 7 * (i % SECTOR)))
			return false;
	}
	return true;
}

static int fly(uint32_t count)
{
	uint32_t sectors = FLIGHT * count;
	enum err e;

	for (size_t i = 0; i < (size_t)sectors * SECTOR; i++)
		memory[i] = (uint8_t)(i / SECTOR + 7 * (i % SECTOR));
	e = flight(BLOCK_WRITE, count);
	memset(memory, 0, MEMORY_BYTES);
	if (e == OK)
		e = flight(BLOCK_READ, count);
	if (e == OK && !is_pattern(sectors))
		e = ERR_DAMAGED;
	if (e == OK && disk->limits.zero_max > 0)
		e = transfer(BLOCK_ZERO, 0, MIN(sectors, disk->limits.zero_max), NULL);
	if (e == OK && disk->limits.zero_max > 0)
		e = transfer(BLOCK_READ, 0, 1, memory);
	if (e == OK && disk->limits.zero_max > 0 && (memory[0] != 0 || memory[SECTOR - 1] != 0))
		e = ERR_DAMAGED;
	if (e == OK && disk->limits.discard_max > 0)
		e = transfer(BLOCK_DISCARD, 8, 8, NULL);
	console_printf("zero_max %u, discard_max %u\n", (unsigned)disk->limits.zero_max,
		       (unsigned)disk->limits.discard_max);
	return say("flight", e == OK ? transfer(BLOCK_FLUSH, 0, 0, NULL) : e);
}

/* --- how fast it is -------------------------------------------------------------------------- */

static uint64_t reads;
static bool is_over;

static uint64_t random_sector(uint32_t count)
{
	static uint64_t state = 88172645463325252u; /* xorshift */

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % (disk->sectors / count) * count;
}

static void read_another(struct block_request *r, enum err result)
{
	struct transfer *t = container_of(r, struct transfer, request);

	reads++;
	t->result = result;
	if (result == OK && !is_over) {
		r->sector = random_sector(r->count);
		result = block_submit(disk, r);
		if (result == OK)
			return;
	}
	t->ended = true;
	fiber_wake(t->fiber);
}

/* Reads of `count` sectors at random places, 32 at a time. */
static int measure_random(uint32_t count)
{
	static struct transfer t[FLIGHT];
	uint64_t begin_us = time_now_us();
	enum err e = OK;

	for (uint32_t i = 0; i < FLIGHT; i++) {
		t[i] = (struct transfer){.fiber = fiber_current(),
					 .request = {.op = BLOCK_READ,
						     .sector = random_sector(count),
						     .count = count,
						     .memory = memory + (size_t)i * count * SECTOR,
						     .done = read_another}};
		if (block_submit(disk, &t[i].request) != OK)
			return say("random", ERR_INVALID);
	}
	fiber_sleep(SPEED_US);
	is_over = true;
	for (uint32_t i = 0; i < FLIGHT; i++) {
		while (!t[i].ended)
			fiber_park();
		e = e == OK ? t[i].result : e;
	}
	console_printf("%llu reads/s\n",
		       (unsigned long long)(reads * US_PER_S / (time_now_us() - begin_us)));
	return say("random", e);
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

int disk_test(struct block *block, const char *mode, uint32_t sector, uint32_t count)
{
	enum err e;

	memory = memory_take("sectors", CACHE_LINE_BYTES, MEMORY_BYTES);
	memset(memory, 0, MEMORY_BYTES);
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
	if (strcmp(mode, "flight") == 0)
		return fly(count);
	if (strcmp(mode, "random") == 0)
		return measure_random(count);
	if (strcmp(mode, "speed") == 0)
		return measure(count);
	watch(sector, count);
	return 0;
}
