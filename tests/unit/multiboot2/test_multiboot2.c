/* SPDX-License-Identifier: ISC */
/*
 * The list of tags as GRUB makes it, and as a hostile loader might. It lies in memory of just its
 * size, so that a read past it is seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/x86_64/loaders/multiboot2.h"
#include "base/bytes.h"

enum { LIST_BYTES_MAX = 8192 };

/* Values are written out from the specification. */
enum { END = 0, CMDLINE = 1, LOADER = 2, MEMMAP = 6, RSDP_1 = 14, RSDP_2 = 15 };

static uint8_t list[LIST_BYTES_MAX];
static size_t used;
static struct multiboot2 out;

static int setup(void **state)
{
	(void)state;
	memset(list, 0, sizeof(list));
	used = 8;
	return 0;
}

static void add(uint32_t type, const void *content, size_t len)
{
	store_le32(list + used, type);
	store_le32(list + used + 4, (uint32_t)(8 + len));
	memcpy(list + used + 8, content, len);
	used += (8 + len + 7) / 8 * 8;
}

/* A map of `n` runs of a MiB with entries of `entry_bytes`. */
static void add_map(unsigned n, uint32_t entry_bytes)
{
	static uint8_t map[LIST_BYTES_MAX];

	memset(map, 0, sizeof(map));
	store_le32(map, entry_bytes);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *e = map + 8 + i * entry_bytes;
		store_le64(e, (uint64_t)i << 20);
		store_le64(e + 8, 1 << 20);
		store_le32(e + 16, i == 1 ? 3 : PVH_MEMORY_RAM);
	}
	add(MEMMAP, map, 8 + n * entry_bytes);
}

static uint8_t *copy;

static enum err parse_at_most(size_t len)
{
	free(copy);
	copy = malloc(len + 1);
	memcpy(copy, list, len);
	return multiboot2_parse(&out, copy, len);
}

static enum err parse(void)
{
	add(END, "", 0);
	store_le32(list, (uint32_t)used);
	return parse_at_most(used);
}

static int teardown(void **state)
{
	(void)state;
	free(copy);
	copy = NULL;
	return 0;
}

static void grubs_list_becomes_a_start_info(void **state)
{
	(void)state;
	add(CMDLINE, "--port=80", 10);
	add(LOADER, "GRUB 2.06", 10);
	add_map(3, 24);
	add(RSDP_1, "RSD PTR old.........", 20);
	add(RSDP_2, "RSD PTR new.........................", 36);
	assert_int_equal(parse(), OK);
	assert_string_equal((const char *)(uintptr_t)out.info.cmdline, "--port=80");
	assert_memory_equal((const void *)(uintptr_t)out.info.rsdp, "RSD PTR new", 11);
	assert_int_equal(out.info.n_memmap, 3);
	assert_int_equal(out.map[2].start, 2 << 20);
	assert_int_equal(out.map[2].bytes, 1 << 20);
	assert_int_equal(out.map[1].type, 3);
	/* … which its readers take. */
	struct pvh_ram window = {.start = (uintptr_t)&out, .bytes = sizeof(out)};
	assert_ptr_equal(pvh_check((uintptr_t)&out.info, window), &out.info);
	assert_int_equal(pvh_ram_total(&out.info), 2 << 20);
}

static void the_newer_pointer_counts(void **state)
{
	(void)state;
	add_map(1, 24);
	add(RSDP_2, "RSD PTR new.........................", 36);
	add(RSDP_1, "RSD PTR old.........", 20);
	assert_int_equal(parse(), OK);
	assert_memory_equal((const void *)(uintptr_t)out.info.rsdp, "RSD PTR new", 11);
}

static void tags_that_are_not_there_are_missing(void **state)
{
	(void)state;
	add_map(1, 40); /* longer entries of a later version */
	assert_int_equal(parse(), OK);
	assert_int_equal(out.info.cmdline, 0);
	assert_int_equal(out.info.rsdp, 0);
	assert_int_equal(out.info.n_memmap, 1);
	setup(NULL);
	add(CMDLINE, "x", 2);
	assert_int_equal(parse(), ERR_INVALID); /* no map */
}

static void malformed_tags_are_passed_over(void **state)
{
	(void)state;
	add(CMDLINE, "never ends", 10);
	add(RSDP_1, "RSD PTR short......", 19);
	add(RSDP_2, "RSD PTR short......................", 35);
	add(MEMMAP, "\x18\0\0", 4);
	add(MEMMAP, "\x17\0\0\0\0\0\0\0........................", 32); /* too short entries */
	add(MEMMAP, "\0\0\0\0\0\0\0\0........................", 32);
	add(MEMMAP, "\xff\xff\xff\xff\0\0\0\0........................", 32);
	add_map(2, 24);
	assert_int_equal(parse(), OK);
	assert_int_equal(out.info.cmdline, 0);
	assert_int_equal(out.info.rsdp, 0);
	assert_int_equal(out.info.n_memmap, 2);
}

static void a_map_may_have_so_many_entries_only(void **state)
{
	(void)state;
	add_map(PVH_MEMMAP_MAX + 50, 24);
	add_map(3, 24);
	assert_int_equal(parse(), OK);
	assert_int_equal(out.info.n_memmap, PVH_MEMMAP_MAX);
}

static void each_truncated_list_is_survived(void **state)
{
	(void)state;
	add(CMDLINE, "--port=80", 10);
	add_map(3, 24);
	add(RSDP_2, "RSD PTR new.........................", 36);
	assert_int_equal(parse(), OK);
	for (size_t len = 0; len < used; len++) {
		store_le32(list, (uint32_t)used);
		assert_int_equal(parse_at_most(len), ERR_INVALID);
		store_le32(list, (uint32_t)len);
		(void)parse_at_most(len);
	}
}

/* Lengths of a tag that would lead back, past the end, or round the size of an integer. */
static void a_list_that_goes_astray_ends(void **state)
{
	static const uint32_t lengths[] = {0, 1, 7, 0x7fffffff, 0xfffffff8, 0xffffffff};

	(void)state;
	add_map(1, 24);
	size_t at = used;
	add(CMDLINE, "--port=80", 10);
	assert_int_equal(parse(), OK);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		store_le32(list + at + 4, lengths[i]);
		assert_int_equal(parse_at_most(used), OK);
		assert_int_equal(out.info.cmdline, 0);
		assert_int_equal(out.info.n_memmap, 1);
	}
	store_le32(list, 0xffffffff);
	assert_int_equal(parse_at_most(used), ERR_INVALID);
	store_le32(list, 7);
	assert_int_equal(parse_at_most(used), ERR_INVALID);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(grubs_list_becomes_a_start_info),     TEST(the_newer_pointer_counts),
		TEST(tags_that_are_not_there_are_missing), TEST(malformed_tags_are_passed_over),
		TEST(a_map_may_have_so_many_entries_only), TEST(each_truncated_list_is_survived),
		TEST(a_list_that_goes_astray_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
