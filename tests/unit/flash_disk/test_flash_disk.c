/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "storage/flash_disk/flash_disk.h"
#include "tests/fakes/disk_memory.h"

enum { SECTORS = 50, SECTOR = 512, BLOCK = 4096 };

static struct disk_memory below;
static struct flash_disk f;
static uint8_t out[BLOCK * 2];

static int set_up(void **state)
{
	(void)state;
	disk_memory_init(&below, SECTORS, SECTOR);
	for (size_t i = 0; i < SECTORS * SECTOR; i++)
		below.bytes[i] = (uint8_t)(i * 7 + i / SECTOR);
	flash_disk_init(&f, &below.disk, BLOCK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	disk_memory_fini(&below);
	return 0;
}

static void it_has_whole_blocks(void **state)
{
	(void)state;
	assert_int_equal(f.flash.blocks, 6);
	assert_int_equal(f.flash.block_bytes, BLOCK);
	assert_int_equal(f.flash.program_bytes, SECTOR);
	below.disk.sectors = 0;
	flash_disk_init(&f, &below.disk, BLOCK);
	assert_int_equal(f.flash.blocks, 0);
	assert_int_equal(flash_read(&f.flash, 0, out, 1), ERR_RANGE);
	below.disk.sectors = SECTORS;
}

static void reads_any_bytes(void **state)
{
	static const unsigned runs[][2] = {{0, 1},    {511, 2},   {512, 512}, {3, 5000},
					   {1024, 1}, {1000, 24}, {1000, 25}, {0, 0}};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(runs); i++) {
		memset(out, 0xee, sizeof(out));
		assert_int_equal(flash_read(&f.flash, runs[i][0], out, runs[i][1]), OK);
		assert_memory_equal(out, &below.bytes[runs[i][0]], runs[i][1]);
		assert_int_equal(out[runs[i][1]], 0xee);
	}
	assert_int_equal(flash_read(&f.flash, 6 * BLOCK, out, 1), ERR_RANGE);
}

static void programs_erases_and_syncs(void **state)
{
	(void)state;
	memset(out, 0x12, sizeof(out));
	assert_int_equal(flash_erase(&f.flash, 1), OK);
	assert_int_equal(below.sectors[DISK_MEMORY_DISCARD], BLOCK / SECTOR);
	assert_int_equal(flash_program(&f.flash, BLOCK + SECTOR, out, 2 * SECTOR), OK);
	assert_memory_equal(&below.bytes[BLOCK + SECTOR], out, 2 * SECTOR);
	assert_int_equal(below.bytes[BLOCK - 1], (uint8_t)((BLOCK - 1) * 7 + (BLOCK - 1) / SECTOR));
	assert_int_equal(flash_sync(&f.flash), OK);
	assert_int_equal(below.calls[DISK_MEMORY_FLUSH], 1);
	assert_int_equal(flash_erase(&f.flash, 6), ERR_RANGE);
	expect_assert_failure(assert_int_equal(flash_program(&f.flash, 1, out, SECTOR), OK));
}

static void errors_of_the_disk(void **state)
{
	(void)state;
	disk_memory_die(&below, ERR_IO);
	assert_int_equal(flash_read(&f.flash, 3, out, 1), ERR_IO);
	assert_int_equal(flash_program(&f.flash, 0, out, SECTOR), ERR_IO);
	assert_int_equal(flash_erase(&f.flash, 0), ERR_IO);
	assert_int_equal(flash_sync(&f.flash), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_has_whole_blocks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reads_any_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(programs_erases_and_syncs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_of_the_disk, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
