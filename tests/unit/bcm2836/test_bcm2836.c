/* SPDX-License-Identifier: ISC */
/*
 * What the Pi's firmware leaves in memory, what it is told by registers, and seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "boards/tree/atags.h"
#include "boards/tree/seed.h"
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"

#define CORE    0x54410001
#define MEM     0x54410002
#define CMDLINE 0x54410009

/* "--a=b" as two words, the second not full. */
#define WORDS_A 0x3d612d2d, 0x00000062

static struct atags tags;

/* Parses a copy that ends where memory does, so that the sanitizer sees reads beyond. */
static enum err parse(const uint32_t *list, size_t bytes)
{
	uint32_t *copy = malloc(bytes > 0 ? bytes : 1);
	enum err e;

	memcpy(copy, list, bytes);
	e = atags_parse(&tags, copy, bytes);
	tags.cmdline = tags.cmdline != NULL ? "seen" : NULL;
	free(copy);
	return e;
}

static void finds_memory_and_arguments(void **state)
{
	static const uint32_t list[] = {5, CORE,    1,       4096, 0,      4, MEM, 0x3b000000, 0,
					4, CMDLINE, WORDS_A, 3,    0x1234, 5, 0,   0};

	(void)state;
	assert_int_equal(atags_parse(&tags, list, sizeof(list)), OK);
	assert_int_equal(tags.ram_bytes, 0x3b000000);
	assert_int_equal(tags.ram_start, 0);
	assert_int_equal(tags.cmdline_len, 5);
	assert_memory_equal(tags.cmdline, "--a=b", 5);
}

static void arguments_may_fill_their_tag(void **state)
{
	static const uint32_t list[] = {2, CORE, 3, CMDLINE, 0x64636261, 0, 0};

	(void)state;
	assert_int_equal(parse(list, sizeof(list)), OK);
	assert_int_equal(tags.cmdline_len, 4);
}

static void no_list_is_no_device(void **state)
{
	static const uint32_t list[] = {0xedfe0dd0, 0x12345678, 0, 0};

	(void)state;
	assert_int_equal(parse(list, sizeof(list)), ERR_NODEV);
	assert_int_equal(parse(list, 4), ERR_NODEV);
	assert_int_equal(parse(list, 0), ERR_NODEV);
	assert_null(tags.cmdline);
}

static void damaged_lists_are_refused(void **state)
{
	static const uint32_t too_short[] = {5, CORE, 1, 4096, 0, 1, MEM, 0, 0};
	static const uint32_t too_long[] = {2, CORE, 1000, CMDLINE, WORDS_A, 0, 0};
	static const uint32_t endless[] = {2, CORE, 4, CMDLINE, WORDS_A};
	static const uint32_t of_nothing[] = {0, CORE, 0, 0};
	static const uint32_t small_memory[] = {2, CORE, 3, MEM, 0x1000, 0, 0};

	(void)state;
	assert_int_equal(parse(too_short, sizeof(too_short)), ERR_INVALID);
	assert_int_equal(parse(too_long, sizeof(too_long)), ERR_INVALID);
	assert_int_equal(parse(endless, sizeof(endless)), ERR_INVALID);
	assert_int_equal(parse(of_nothing, sizeof(of_nothing)), ERR_INVALID);
	assert_int_equal(parse(small_memory, sizeof(small_memory)), OK);
	assert_int_equal(tags.ram_bytes, 0);
}

static _Alignas(8) uint8_t registers[64];

static uint32_t *reg(unsigned offset)
{
	return (uint32_t *)(void *)(registers + offset);
}

enum { RSTC = 0x1c, RSTS = 0x20, WDOG = 0x24 };

static void the_watchdog_counts_in_65536ths_and_needs_its_password(void **state)
{
	struct bcm2835_watchdog pm;
	struct watchdog *w = bcm2835_watchdog_init(&pm, (uintptr_t)registers);

	(void)state;
	*reg(RSTC) = 0x102;
	assert_int_equal(watchdog_start(w, 2000), OK);
	assert_int_equal(*reg(WDOG), 0x5a020000);
	assert_int_equal(*reg(RSTC), 0x5a000122);
	*reg(WDOG) = 1;
	watchdog_feed(w);
	assert_int_equal(*reg(WDOG), 0x5a020000);
	*reg(RSTC) = 0x122;
	watchdog_stop(w);
	assert_int_equal(*reg(RSTC), 0x5a000102);
}

static void the_watchdog_has_20_bits(void **state)
{
	struct bcm2835_watchdog pm;
	struct watchdog *w = bcm2835_watchdog_init(&pm, (uintptr_t)registers);

	(void)state;
	*reg(WDOG) = 0;
	assert_int_equal(watchdog_start(w, 16000), ERR_RANGE);
	assert_int_equal(*reg(WDOG), 0);
	assert_int_equal(watchdog_start(w, 15999), OK);
	assert_int_equal(*reg(WDOG) >> 20, 0x5a0);
	assert_in_range(*reg(WDOG) & 0xfffff, 0xfff00, 0xfffff);
}

static void the_watchdog_says_that_it_was_the_reason(void **state)
{
	struct bcm2835_watchdog pm;
	struct watchdog *w = bcm2835_watchdog_init(&pm, (uintptr_t)registers);

	(void)state;
	*reg(RSTS) = 0x1000; /* the supply was turned on */
	assert_false(watchdog_has_reset(w));
	*reg(RSTS) = 0x1020;
	assert_true(watchdog_has_reset(w));
}

static void off_is_a_restart_into_no_partition(void **state)
{
	(void)state;
	*reg(RSTC) = *reg(RSTS) = 0;
	bcm2835_pm_restart((uintptr_t)registers);
	assert_int_equal(*reg(RSTS), 0);
	assert_int_equal(*reg(RSTC), 0x5a000020);
	*reg(RSTS) = 0x1000;
	bcm2835_pm_off((uintptr_t)registers);
	assert_int_equal(*reg(RSTS), 0x5a001555);
}

static size_t ones(uint8_t *bytes, size_t max)
{
	memset(bytes, 0xff, max);
	return max;
}

static size_t nothing(uint8_t *bytes, size_t max)
{
	memset(bytes, 0x77, max);
	return 0;
}

static void seeds_are_folded_wiped_and_used_once(void **state)
{
	static seed_source_fn *const sources[] = {nothing, ones, seed_of_tree};
	uint8_t in_tree[SEED_BYTES + 4], out[SEED_BYTES];
	struct tree t = {.seed = in_tree, .seed_len = sizeof(in_tree)};

	(void)state;
	memset(in_tree, 1, SEED_BYTES);
	memset(in_tree + SEED_BYTES, 2, 4);
	seed_take(&t);
	assert_null(t.seed);
	for (size_t i = 0; i < sizeof(in_tree); i++)
		assert_int_equal(in_tree[i], 0);
	assert_int_equal(seed_combine(out, sizeof(out), sources, ARRAY_SIZE(sources)), sizeof(out));
	assert_int_equal(out[0], 0xff ^ 3);
	assert_int_equal(out[4], 0xff ^ 1);
	assert_int_equal(seed_of_tree(out, sizeof(out)), 0);
	assert_int_equal(seed_combine(out, sizeof(out), sources, 1), 0);
	assert_int_equal(out[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_memory_and_arguments),
		cmocka_unit_test(arguments_may_fill_their_tag),
		cmocka_unit_test(no_list_is_no_device),
		cmocka_unit_test(damaged_lists_are_refused),
		cmocka_unit_test(the_watchdog_counts_in_65536ths_and_needs_its_password),
		cmocka_unit_test(the_watchdog_has_20_bits),
		cmocka_unit_test(the_watchdog_says_that_it_was_the_reason),
		cmocka_unit_test(off_is_a_restart_into_no_partition),
		cmocka_unit_test(seeds_are_folded_wiped_and_used_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
