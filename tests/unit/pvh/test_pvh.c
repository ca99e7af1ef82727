/* SPDX-License-Identifier: ISC */
/*
 * The PVH start info as a hostile loader might hand it over. It lies in a page of the test, which
 * plays the first MiB and is as large as the sanitizer lets the parser read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/pvh.h"

enum { LOW_BYTES = 16384, INFO_AT = 64, MAP_AT = 256, TEXT_AT = 4096 };

static uint8_t *low_memory;
static struct pvh_ram low;
static struct pvh_start_info *info;
static struct pvh_memmap_entry *map;

static void add(uint64_t start, uint64_t bytes, uint32_t type)
{
	map[info->n_memmap++] =
		(struct pvh_memmap_entry){.start = start, .bytes = bytes, .type = type};
}

/* A start info like that of QEMU for 64 MiB. */
static int setup(void **state)
{
	(void)state;
	low_memory = aligned_alloc(PAGE_BYTES, LOW_BYTES);
	memset(low_memory, 0, LOW_BYTES);
	low = (struct pvh_ram){.start = (uintptr_t)low_memory, .bytes = LOW_BYTES};
	info = (void *)(low_memory + INFO_AT);
	map = (void *)(low_memory + MAP_AT);
	*info = (struct pvh_start_info){.magic = PVH_MAGIC,
					.version = 1,
					.cmdline = low.start + TEXT_AT,
					.memmap = (uintptr_t)map};
	strcpy((char *)low_memory + TEXT_AT, "--port=80");
	add(0, 0x9fc00, PVH_MEMORY_RAM);
	add(0xf0000, 0x10000, 2);
	add(0x100000, 0x3f00000, PVH_MEMORY_RAM);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(low_memory);
	return 0;
}

/* The loader has left its words in the first two pages of the window. */
static void low_ram_begins_behind_what_the_loader_left(void **state)
{
	(void)state;
	struct pvh_ram found = pvh_ram_low(info, PVH_LOW); /* where it has left nothing */
	assert_int_equal(found.start, PAGE_BYTES);
	assert_int_equal(found.bytes, 0x9f000 - PAGE_BYTES);
	map[0].bytes = low.start + LOW_BYTES;
	found = pvh_ram_low(info, low);
	assert_int_equal(found.start, low.start + 2 * PAGE_BYTES);
	assert_int_equal(found.bytes, LOW_BYTES - 2 * PAGE_BYTES);
	info->cmdline = 0;
	assert_int_equal(pvh_ram_low(info, low).start, low.start + PAGE_BYTES);
	map[0].bytes += PAGE_BYTES; /* what lies above the window is none of it */
	assert_int_equal(pvh_ram_low(info, low).bytes, LOW_BYTES - PAGE_BYTES);
	map[0].bytes = low.start + PAGE_BYTES;
	assert_int_equal(pvh_ram_low(info, low).bytes, 0);
	map[0].type = 2;
	assert_int_equal(pvh_ram_low(info, low).bytes, 0);
}

static const struct pvh_start_info *check(void)
{
	return pvh_check((uintptr_t)info, low);
}

static void a_good_one_is_taken(void **state)
{
	const char *text;
	(void)state;
	assert_ptr_equal(check(), info);
	assert_int_equal(pvh_cmdline(info, low, &text), OK);
	assert_string_equal(text, "--port=80");
	assert_int_equal(pvh_ram_total(info), 0x9fc00 + 0x3f00000);
	struct pvh_ram ram = pvh_ram_from(info, 0x140000);
	assert_int_equal(ram.start, 0x140000);
	assert_int_equal(ram.bytes, 0x4000000 - 0x140000);
}

static void addresses_outside_are_refused(void **state)
{
	(void)state;
	assert_null(pvh_check(0, low));
	assert_null(pvh_check(low.start - 8, low));
	assert_null(pvh_check(low.start + LOW_BYTES - sizeof(*info) + 8, low));
	assert_null(pvh_check(low.start + LOW_BYTES, low));
	assert_null(pvh_check(UINT64_MAX - 7, low));
	assert_null(pvh_check((uintptr_t)info + 4, low));
	struct pvh_ram tiny = {.start = (uintptr_t)info, .bytes = 8};
	assert_null(pvh_check((uintptr_t)info, tiny));
}

static void wrong_contents_are_refused(void **state)
{
	(void)state;
	info->magic++;
	assert_null(check());
	info->magic--;
	info->version = 0;
	assert_null(check());
	info->version = 2;
	assert_non_null(check());
}

static void a_map_outside_is_refused(void **state)
{
	(void)state;
	info->memmap = low.start + LOW_BYTES - sizeof(*map) * info->n_memmap;
	assert_non_null(check());
	info->memmap += 8;
	assert_null(check());
	info->memmap = UINT64_MAX - 15;
	assert_null(check());
	info->memmap = (uintptr_t)map + 4;
	assert_null(check());
	info->memmap = (uintptr_t)map;
	info->n_memmap = PVH_MEMMAP_MAX + 1;
	assert_null(check());
	info->n_memmap = UINT32_MAX;
	assert_null(check());
}

static void a_command_line_must_end(void **state)
{
	const char *text = "before";
	(void)state;
	info->cmdline = 0;
	assert_int_equal(pvh_cmdline(info, low, &text), OK);
	assert_null(text);
	info->cmdline = low.start + LOW_BYTES;
	assert_int_equal(pvh_cmdline(info, low, &text), ERR_RANGE);
	info->cmdline = low.start - 1;
	assert_int_equal(pvh_cmdline(info, low, &text), ERR_RANGE);

	info->cmdline = low.start + LOW_BYTES - 3;
	memset(low_memory + LOW_BYTES - 3, 'x', 3);
	assert_int_equal(pvh_cmdline(info, low, &text), ERR_RANGE);
	assert_null(text);
	low_memory[LOW_BYTES - 1] = '\0';
	assert_int_equal(pvh_cmdline(info, low, &text), OK);
	assert_string_equal(text, "xx");
}

static void a_command_line_may_not_be_too_long(void **state)
{
	const char *text;
	(void)state;
	info->cmdline = low.start + TEXT_AT;
	memset(low_memory + TEXT_AT, 'x', PVH_CMDLINE_MAX - 1);
	low_memory[TEXT_AT + PVH_CMDLINE_MAX - 1] = '\0';
	assert_int_equal(pvh_cmdline(info, low, &text), OK);
	assert_int_equal(strlen(text), PVH_CMDLINE_MAX - 1);
	low_memory[TEXT_AT + PVH_CMDLINE_MAX - 1] = 'x';
	assert_int_equal(pvh_cmdline(info, low, &text), ERR_RANGE);
}

static void what_is_not_ram_is_none(void **state)
{
	(void)state;
	assert_int_equal(pvh_ram_from(info, 0xf1000).bytes, 0);
	assert_int_equal(pvh_ram_from(info, 0x4000000).bytes, 0);
	assert_int_equal(pvh_ram_from(info, 0xd0000000).bytes, 0);
	assert_int_equal(pvh_ram_from(info, 0x9f000).bytes, 0);
	info->n_memmap = 0;
	assert_int_equal(pvh_ram_from(info, 0x140000).bytes, 0);
	assert_int_equal(pvh_ram_total(info), 0);
}

static void reserved_parts_end_the_ram(void **state)
{
	(void)state;
	add(0x200000, 0x1000, 2);
	assert_int_equal(pvh_ram_from(info, 0x140000).bytes, 0x200000 - 0x140000);
	assert_int_equal(pvh_ram_from(info, 0x200000).bytes, 0);
	assert_int_equal(pvh_ram_from(info, 0x201000).bytes, 0x4000000 - 0x201000);
}

static void sizes_that_wrap_around_do_no_harm(void **state)
{
	(void)state;
	map[2].bytes = UINT64_MAX;
	struct pvh_ram ram = pvh_ram_from(info, 0x140000);
	assert_int_equal(ram.bytes, ROUND_DOWN(UINT64_MAX, (uint64_t)PAGE_BYTES) - 0x140000);
	assert_int_equal(pvh_ram_total(info), UINT64_MAX);
	add(UINT64_MAX, UINT64_MAX, 2);
	assert_int_equal(pvh_ram_from(info, 0x140000).bytes, ram.bytes);
}

static void only_whole_pages_are_taken(void **state)
{
	(void)state;
	map[2].bytes = 0x50fff;
	assert_int_equal(pvh_ram_from(info, 0x140000).bytes, 0x10000);
	map[2].bytes = 0x40fff;
	assert_int_equal(pvh_ram_from(info, 0x140000).bytes, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_one_is_taken),
		TEST(low_ram_begins_behind_what_the_loader_left),
		TEST(addresses_outside_are_refused),
		TEST(wrong_contents_are_refused),
		TEST(a_map_outside_is_refused),
		TEST(a_command_line_must_end),
		TEST(a_command_line_may_not_be_too_long),
		TEST(what_is_not_ram_is_none),
		TEST(reserved_parts_end_the_ram),
		TEST(sizes_that_wrap_around_do_no_harm),
		TEST(only_whole_pages_are_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
