/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "base/attr.h"
#include "hal/disk.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/time.h"
#include "unikernel.h"

enum { FIBERS = 3, SECTORS = 56, SECTOR_MAX = 4096, GROW_US = 10 * US_PER_S, LOOK_US = 20000 };

static struct disk *disk;

/* What each fiber has: a part of the disk, and memory that no device could use as it is. */
struct worker {
	struct fiber fiber;
	uint64_t first;
	enum err result;
	uint8_t odd; /* so that the memory is not aligned */
	uint8_t memory[SECTORS * SECTOR_MAX];
};

static struct worker workers[FIBERS];

static uint8_t byte_of(uint64_t sector, size_t i, unsigned salt)
{
	return (uint8_t)(sector * 31 + i * 7 + (i >> 8) + salt);
}

static enum err fill_and_write(struct worker *w, unsigned from, unsigned n, unsigned salt)
{
	for (size_t i = 0; i < (size_t)n * disk->sector_bytes; i++)
		w->memory[i] = byte_of(w->first + from + i / disk->sector_bytes,
				       i % disk->sector_bytes, salt);
	return disk_write(disk, w->first + from, n, w->memory);
}

/* Reads and compares; a salt of 256: zeroes. */
static enum err expect(struct worker *w, unsigned from, unsigned n, unsigned salt)
{
	enum err e = disk_read(disk, w->first + from, n, w->memory);

	for (size_t i = 0; e == OK && i < (size_t)n * disk->sector_bytes; i++) {
		uint8_t right = byte_of(w->first + from + i / disk->sector_bytes,
					i % disk->sector_bytes, salt);

		if (w->memory[i] != (salt == 256 ? 0 : right))
			e = ERR_DAMAGED;
	}
	return e;
}

static void work(void *arg)
{
	struct worker *w = arg;
	enum err e = fill_and_write(w, 0, SECTORS, 0);

	if (e == OK)
		e = expect(w, 0, SECTORS, 0);
	if (e == OK)
		e = fill_and_write(w, 20, 7, 3);
	if (e == OK)
		e = expect(w, 19, 1, 0);
	if (e == OK)
		e = expect(w, 20, 7, 3);
	if (e == OK)
		e = disk_zero(disk, w->first + 30, 20);
	if (e == OK)
		e = expect(w, 30, 20, 256);
	if (e == OK)
		e = expect(w, 50, 6, 0);
	if (e == OK)
		e = disk_discard(disk, w->first + 4, 8);
	if (e == OK)
		e = expect(w, 12, 8, 0);
	if (e == OK)
		e = disk_flush(disk);
	w->result = e;
}

static int say(const char *what, enum err e)
{
	console_printf("%s: %s\n", what, e == OK ? "good" : err_str(e));
	return e == OK ? 0 : 1;
}

static int check(void)
{
	enum err e = OK;

	for (unsigned i = 0; i < FIBERS && e == OK; i++) {
		workers[i].first = i * SECTORS;
		e = fiber_spawn(&workers[i].fiber, "worker", 8192, work, &workers[i]);
	}
	for (unsigned i = 0; i < FIBERS && e == OK; i++) {
		fiber_join(&workers[i].fiber);
		e = workers[i].result;
	}
	if (e == OK && disk_read(disk, disk->sectors, 1, workers[0].memory) != ERR_RANGE)
		e = ERR_RANGE;
	return say("check", e);
}

static void grow(void)
{
	uint64_t before = disk->sectors, end = time_now_us() + GROW_US;

	console_printf("%llu sectors\n", (unsigned long long)before);
	while (disk->sectors == before && time_now_us() < end) {
		if (disk_read(disk, 0, 1, workers[0].memory) != OK)
			return;
		fiber_sleep(LOOK_US);
	}
	console_printf("%llu sectors\n", (unsigned long long)disk->sectors);
}

int diskcheck(struct disk *d, const char *mode)
{
	uint8_t *memory = workers[0].memory;

	disk = d;
	if (strcmp(mode, "check") == 0)
		return check();
	if (strcmp(mode, "grow") == 0) {
		grow();
		return say("last", disk_read(disk, disk->sectors - 1, 1, memory));
	}
	if (strcmp(mode, "read-only") == 0) {
		(void)say("read", disk_read(disk, 0, 8, memory));
		return say("write", disk_write(disk, 0, 8, memory));
	}
	(void)say("bad", disk_read(disk, 1000, 16, memory));
	(void)say("write", disk_write(disk, 1000, 1, memory));
	return say("other", disk_read(disk, 0, 16, memory));
}
