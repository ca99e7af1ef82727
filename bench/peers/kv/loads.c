/* SPDX-License-Identifier: ISC */
/*
 * The loads, and what they cost: a line of NAME=NUMBER for each. The same seeds for each store.
 *
 *     loads BLOCKS BLOCK_BYTES PROGRAM_BYTES PERCENT
 *
 * PERCENT: of the medium that values of mixed lengths fill; 0: a hundred settings instead.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/peers/kv/store.h"

enum {
	SETTINGS = 100,
	SETTING_BYTES = 32,
	MIXED_MAX = 400,
	MIXED_BYTES_MAX = 12288,
	UPDATES = 10000,
};

static struct flash_memory flash;
static struct random draw = {42};
static struct {
	uint32_t seed, len;
} values[MIXED_MAX];
static uint64_t set_bytes, refused;

NORETURN static void fail(const char *what)
{
	fprintf(stderr, "loads: %s\n", what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void bytes_of(unsigned i, uint8_t *out)
{
	struct random random = {values[i].seed};

	for (uint32_t at = 0; at < values[i].len; at += 8) {
		uint64_t word = random_u64(&random);

		memcpy(out + at, &word, sizeof(word));
	}
}

static bool set(unsigned i, uint32_t len)
{
	static uint8_t bytes[MIXED_BYTES_MAX + 8];
	uint32_t old_seed = values[i].seed, old_len = values[i].len;
	char key[16];

	values[i].seed = (uint32_t)random_u64(&draw);
	values[i].len = len;
	bytes_of(i, bytes);
	snprintf(key, sizeof(key), "key%u", i);
	if (store_set(key, bytes, len)) {
		set_bytes += len;
		return true;
	}
	values[i].seed = old_seed;
	values[i].len = old_len;
	return false;
}

static void check(unsigned n)
{
	static uint8_t want[MIXED_BYTES_MAX + 8], got[MIXED_BYTES_MAX + 8];
	char key[16];

	for (unsigned i = 0; i < n; i++) {
		bytes_of(i, want);
		snprintf(key, sizeof(key), "key%u", i);
		if (!store_get(key, got, values[i].len) || memcmp(want, got, values[i].len) != 0)
			fail("a value is not what was set");
	}
}

/* Of all powers of two alike: many are small, most bytes are in large ones. */
static uint32_t mixed_len(void)
{
	uint32_t least = 16u << random_below(&draw, 9);
	uint32_t len = (uint32_t)random_between(&draw, least, 2 * least);

	return MIN(len, (uint32_t)MIXED_BYTES_MAX);
}

/* Fills the medium; returns how many keys there are. */
static unsigned fill(unsigned percent)
{
	uint64_t all = flash_bytes(&flash.flash) * percent / 100, bytes = 0;
	bool mixed = percent > 0;
	unsigned n = 0;

	for (; n < (mixed ? MIXED_MAX : SETTINGS); n++) {
		uint32_t len = mixed ? mixed_len() : SETTING_BYTES;

		if (mixed && bytes + len > all)
			break;
		if (!set(n, len))
			fail("no room for the values");
		bytes += len;
	}
	return n;
}

static void print_costs(uint64_t cpu_ns, uint64_t mount_read, uint64_t mount_ns)
{
	uint32_t least = UINT32_MAX, most = 0;

	for (uint32_t i = 0; i < flash.flash.blocks; i++) {
		least = MIN(least, flash.erases[i]);
		most = MAX(most, flash.erases[i]);
	}
	printf("set_bytes=%" PRIu64 " programs=%" PRIu64 " programmed=%" PRIu64 " erases=%" PRIu64
	       " read=%" PRIu64 " reads=%" PRIu64 " cpu_ns=%" PRIu64
	       " least_erases=%u most_erases=%u mount_read=%" PRIu64 " mount_ns=%" PRIu64
	       " refused=%" PRIu64 "\n",
	       set_bytes, flash.calls[FLASH_MEMORY_PROGRAM], flash.bytes_programmed,
	       flash.calls[FLASH_MEMORY_ERASE], flash.bytes_read, flash.calls[FLASH_MEMORY_READ],
	       cpu_ns, least, most, mount_read, mount_ns, refused);
}

static void run(unsigned percent)
{
	unsigned n = fill(percent);

	memset(flash.calls, 0, sizeof(flash.calls));
	memset(flash.erases, 0, flash.flash.blocks * sizeof(flash.erases[0]));
	flash.bytes_read = flash.bytes_programmed = set_bytes = 0;
	uint64_t begin = now_ns();
	for (unsigned i = 0; i < UPDATES; i++) {
		unsigned key = (unsigned)random_below(&draw, n);

		/* Of the same length, so that the medium stays as full. */
		refused += !set(key, values[key].len);
	}
	uint64_t cpu_ns = now_ns() - begin;
	struct flash_memory costs = flash;
	begin = now_ns();
	if (!store_mount())
		fail("it cannot be mounted");
	check(1);
	uint64_t mount_ns = now_ns() - begin, mount_read = flash.bytes_read - costs.bytes_read;
	check(n);
	memcpy(flash.calls, costs.calls, sizeof(flash.calls));
	flash.bytes_read = costs.bytes_read;
	flash.bytes_programmed = costs.bytes_programmed;
	print_costs(cpu_ns, mount_read, mount_ns);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		fail("usage: loads BLOCKS BLOCK_BYTES PROGRAM_BYTES PERCENT");
	flash_memory_init(&flash, (uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]),
			  (uint32_t)atoi(argv[3]), 0);
	if (!store_format(&flash))
		fail("it cannot be made");
	run((unsigned)atoi(argv[4]));
	return 0;
}
