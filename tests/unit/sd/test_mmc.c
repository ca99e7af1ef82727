/* SPDX-License-Identifier: ISC */
/* An MMC instead of an SD card: each kind, and what is none, or says what cannot be. */
#include "tests/unit/sd/rig.h"

enum { EMMC_SECTORS = 15269888 }; /* 7.3 GiB, of an eMMC of 8 GB */

static void moves_data(uint64_t sector)
{
	const uint8_t *there = &sd_fake.memory[sector % SD_FAKE_SECTORS * SECTOR];

	assert_int_equal(transfer(BLOCK_READ, sector, 70), OK);
	assert_memory_equal(memory, there, 70 * SECTOR);
	for (unsigned i = 0; i < 70 * SECTOR; i++)
		memory[i] = (uint8_t)(i * 5 + i / SECTOR + 1);
	assert_int_equal(transfer(BLOCK_WRITE, sector, 70), OK);
	assert_memory_equal(memory, there, 70 * SECTOR);
}

static void an_emmc_that_counts_sectors(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	sd_fake.busy_after_switch = 3;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, EMMC_SECTORS);
	assert_false(disk->read_only);
	assert_int_equal(sd_fake.width, 4);
	assert_true(sd_fake.high_speed);
	assert_int_equal(fake_log_lines, 1);
	sd_fake.logged = 0;
	moves_data(SD_FAKE_SECTORS * 1000 + 9);
	assert_int_equal(sd_fake_count(23), 2); /* it counts, and is not stopped */
	assert_int_equal(sd_fake_count(12), 0);
	assert_int_equal(transfer(BLOCK_READ, EMMC_SECTORS, 1), ERR_RANGE);
}

static void an_emmc_that_counts_bytes(void **state)
{
	(void)state;
	sd_fake_make_mmc(SD_FAKE_SECTORS, false);
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, SD_FAKE_SECTORS);
	assert_int_equal(sd_fake.width, 4);
	assert_true(sd_fake.high_speed);
	moves_data(9);
}

static void one_of_before_version_4(void **state)
{
	(void)state;
	sd_fake_make_mmc(SD_FAKE_SECTORS, false);
	sd_fake.csd[0] = 0x8c2e002a; /* version 3, 20 MHz */
	sd_fake.has_set_count = false;
	sd_fake.answers_app_only = true; /* as some do */
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, SD_FAKE_SECTORS);
	assert_int_equal(sd_fake.width, 1);
	assert_int_equal(sd_fake_count(6), 0);
	sd_fake.logged = 0;
	moves_data(9);
	assert_int_equal(sd_fake_count(23), 0);
}

static void without_high_speed(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	sd_fake.ext_csd[196] = 1;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(sd_fake.width, 4);
	assert_false(sd_fake.high_speed);
	moves_data(9);
}

static void what_a_switch_refuses_stays(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	sd_fake.refused_byte = 183;
	sd_fake.busy_after_switch = 3;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(sd_fake.width, 1);
	assert_true(sd_fake.high_speed);
	moves_data(9);
	block_stop(disk);
	sd_fake.refused_byte = 185;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(sd_fake.width, 4);
	assert_false(sd_fake.high_speed);
	moves_data(9);
}

static void a_protected_one(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	sd_fake.csd[3] |= 0x1000;
	assert_int_equal(block_start(disk), OK);
	assert_true(disk->read_only);
	assert_int_equal(transfer(BLOCK_WRITE, 0, 1), ERR_READONLY);
}

/* Starts what cannot be started, within the time that the header promises and with one line; then
 * there is a good one. */
static void refuses(enum err expected)
{
	uint64_t begin = sd_machine.now_us;

	fake_log_lines = 0;
	assert_int_equal(block_start(disk), expected);
	assert_true(sd_machine.now_us - begin < 2 * US_PER_S);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(disk->sectors, 0);
	assert_true(sd_machine_is_quiet());
	sd_fake_init();
	sd_fake_make_mmc(EMMC_SECTORS, true);
}

static void what_is_none_that_we_know(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	sd_fake.ocr = 0x40ff8080; /* never ready */
	refuses(ERR_TIMEOUT);
	sd_fake.ocr = 0xc0000080; /* at 1.8 V only */
	refuses(ERR_UNSUPPORTED);
	sd_fake.ocr = 0xe0ff8080; /* counts what? */
	refuses(ERR_UNSUPPORTED);
	sd_fake.is_locked = true;
	refuses(ERR_UNSUPPORTED);
	sd_fake.csd[0] = 0xd42e0032; /* version 5 */
	refuses(ERR_UNSUPPORTED);
	sd_fake.csd[0] = 0x8c2e0032; /* it counts sectors, and has nowhere to say how many */
	refuses(ERR_INVALID);
	sd_fake.busy_after_switch = UINT32_MAX;
	refuses(ERR_TIMEOUT);
	assert_int_equal(block_start(disk), OK);
}

static void an_extended_csd_that_is_none(void **state)
{
	(void)state;
	sd_fake_make_mmc(EMMC_SECTORS, true);
	memset(sd_fake.ext_csd, 0, sizeof(sd_fake.ext_csd));
	refuses(ERR_INVALID);
	memset(sd_fake.ext_csd, 0xff, sizeof(sd_fake.ext_csd));
	refuses(ERR_UNSUPPORTED);
	memset(&sd_fake.ext_csd[212], 0, 4);
	refuses(ERR_INVALID);
	sd_fake.ext_csd[192] = 1; /* sectors came with 2 */
	refuses(ERR_INVALID);
	sd_fake.ext_csd[194] = 3;
	refuses(ERR_UNSUPPORTED);
	sd_fake.ext_csd[61] = 1; /* sectors of 4 KiB */
	refuses(ERR_UNSUPPORTED);
	memset(&sd_fake.ext_csd[212], 0xff, 4);
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, UINT32_MAX);
	moves_data((uint64_t)UINT32_MAX - 70);
}

int run_mmc_tests(void)
{
	const struct CMUnitTest tests[] = {
		OVER_ALL(an_emmc_that_counts_sectors), OVER_ALL(an_emmc_that_counts_bytes),
		OVER_ALL(one_of_before_version_4),     OVER_ALL(without_high_speed),
		OVER_ALL(what_a_switch_refuses_stays), OVER_ALL(a_protected_one),
		OVER_ALL(what_is_none_that_we_know),   OVER_ALL(an_extended_csd_that_is_none),
	};
	return cmocka_run_group_tests_name("mmc", tests, NULL, NULL);
}
