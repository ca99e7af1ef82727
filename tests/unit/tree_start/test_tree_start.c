/* SPDX-License-Identifier: ISC */
/* Where a loader may say that its device tree is, and where it is not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/image.h"
#include "arch/mmu.h"
#include "base/attr.h"
#include "boards/tree/start.h"

enum { RAM = 0x1000, DEVICES = 0x3f000000, DEVICES_BYTES = 0x01000000, LOCAL = 0x40000000 };

const struct mmu_region board_regions[] = {
	{DEVICES, DEVICES_BYTES, MMU_DEVICE},
	{LOCAL, PAGE_BYTES, MMU_DEVICE},
	{0},
};

/* What the linker script of an image says. */
static ALIGNED(PAGE_BYTES) USED uint8_t image_page[PAGE_BYTES];
__asm__(".globl image_start, image_end\n\t"
	".set image_start, image_page\n\t"
	".set image_end, image_page + 4096");

static uintptr_t mapped, mapped_bytes;
static enum err answer;

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert_int_equal(access, MMU_RW);
	mapped = start;
	mapped_bytes = bytes;
	return answer;
}

size_t tree_bytes(const void *fdt)
{
	(void)fdt;
	fail();
	return 0;
}

struct tree_range tree_largest_free(const struct tree *t, struct tree_range image)
{
	(void)t;
	return image;
}

static bool maps(uintptr_t start, size_t bytes)
{
	mapped_bytes = 0;
	return start_map(start, bytes, RAM);
}

static void memory_is_mapped_in_whole_pages(void **state)
{
	(void)state;
	assert_true(maps(0x8000010, 0x1000));
	assert_int_equal(mapped, 0x8000000);
	assert_int_equal(mapped_bytes, 0x2000);
	assert_true(maps(DEVICES - 0x1000, 0x1000));
	assert_true(maps(LOCAL + PAGE_BYTES, 8));
	answer = ERR_NOMEM;
	assert_false(maps(0x8000010, 0x1000));
	answer = OK;
}

static void devices_are_not_memory(void **state)
{
	static const struct {
		uintptr_t start;
		size_t bytes;
	} wrong[] = {
		{DEVICES, 40},
		{DEVICES + DEVICES_BYTES - 8, 8},
		{DEVICES - 8, 16},
		{DEVICES - 0x1000, 0x1001},
		{DEVICES - 0x1000, 0x40000000}, /* all around it */
		{LOCAL + 8, 8},
	};
	size_t bytes;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(maps(wrong[i].start, wrong[i].bytes));
		assert_int_equal(mapped_bytes, 0);
	}
	assert_null(start_map_tree(DEVICES, RAM, &bytes));
}

static void neither_is_what_lies_below_or_wraps_or_is_the_image(void **state)
{
	(void)state;
	assert_false(maps(RAM - 8, 8));
	assert_false(maps(UINTPTR_MAX - 8, 16));
	assert_false(maps((uintptr_t)image_start, 8));
	assert_false(maps(0x8000000, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_mapped_in_whole_pages),
		cmocka_unit_test(devices_are_not_memory),
		cmocka_unit_test(neither_is_what_lies_below_or_wraps_or_is_the_image),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
