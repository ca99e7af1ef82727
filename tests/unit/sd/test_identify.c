/* SPDX-License-Identifier: ISC */
/* Cards of each kind, and what is none, or says what cannot be. */
#include "tests/unit/sd/rig.h"

static void a_card_of_today(void **state)
{
	(void)state;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, SD_FAKE_SECTORS);
	assert_int_equal(disk->sector_bytes, SECTOR);
	assert_false(disk->read_only);
	assert_int_equal(sd_fake.width, 4);
	assert_true(sd_fake.high_speed);
	assert_int_equal(fake_log_lines, 1);
}

static void a_card_of_the_first_kind(void **state)
{
	(void)state;
	sd_fake.is_v2 = sd_fake.is_block_based = sd_fake.has_set_count = false;
	sd_fake.has_4_bits = sd_fake.has_high_speed = false;
	memcpy(sd_fake.scr, (const uint8_t[8]){0x00, 0x01}, 8);
	sd_fake_set_csd(SD_FAKE_SECTORS);
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(disk->sectors, SD_FAKE_SECTORS);
	assert_int_equal(sd_fake.width, 1);
	assert_int_equal(sd_fake_count(6), 0);
	assert_int_equal(transfer(BLOCK_READ, 7, 3), OK);
	assert_memory_equal(memory, &sd_fake.memory[7 * SECTOR], 3 * SECTOR);
}

static void a_card_that_has_no_high_speed(void **state)
{
	(void)state;
	sd_fake.has_high_speed = false;
	assert_int_equal(block_start(disk), OK);
	assert_false(sd_fake.high_speed);
	assert_int_equal(transfer(BLOCK_READ, 0, 2), OK);
}

static void an_empty_slot_is_noticed_soon(void **state)
{
	uint64_t begin = sd_machine.now_us;

	(void)state;
	sd_fake.present = false;
	assert_int_equal(block_start(disk), ERR_NODEV);
	assert_true(sd_machine.now_us - begin < 100000);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(disk->sectors, 0);
	assert_int_equal(transfer(BLOCK_READ, 0, 1), ERR_NODEV);
	assert_int_equal(transfer(BLOCK_FLUSH, 0, 0), ERR_NODEV);
	sd_fake.present = true;
	assert_int_equal(block_start(disk), OK);
}

/* Starts what cannot be started, within the time that the header promises and with one line. */
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
}

static void what_is_no_card_that_we_know(void **state)
{
	(void)state;
	sd_fake.answers_app_only = true;
	refuses(ERR_UNSUPPORTED);
	sd_fake.answers_app_only = true; /* and no MMC */
	sd_fake.is_v2 = false;
	refuses(ERR_UNSUPPORTED);
	sd_fake.is_locked = true;
	refuses(ERR_UNSUPPORTED);
	sd_fake.if_cond = 0x1ab;
	refuses(ERR_IO);
	sd_fake.if_cond = 0x0aa;
	refuses(ERR_IO);
	sd_fake.ocr = 0xc0008000; /* not at 3.3 V */
	refuses(ERR_UNSUPPORTED);
	sd_fake.ocr = 0x40ff8000; /* never ready */
	refuses(ERR_TIMEOUT);
	sd_fake.address = 0;
	refuses(ERR_IO);
	sd_fake.csd[0] = 0x800e0032;
	refuses(ERR_UNSUPPORTED);
	sd_fake.csd[0] = 0x002e0032; /* it counts sectors, and then not */
	refuses(ERR_INVALID);
	sd_fake.scr[1] = 0;
	refuses(ERR_INVALID);
	assert_int_equal(block_start(disk), OK);
}

static void a_protected_card(void **state)
{
	(void)state;
	sd_fake.csd[3] |= 0x1000;
	assert_int_equal(block_start(disk), OK);
	assert_true(disk->read_only);
	assert_int_equal(transfer(BLOCK_WRITE, 0, 1), ERR_READONLY);
	assert_int_equal(transfer(BLOCK_READ, 0, 1), OK);
}

static void what_answers_nothing_but_a_controller_that_hangs(void **state)
{
	uint64_t begin = sd_machine.now_us;

	(void)state;
	sdhci_fake.silent = sdhost_fake.silent = sunxi_mmc_fake.silent = true;
	pl181_fake.silent = true;
	assert_true(block_start(disk) != OK);
	assert_true(sd_machine.now_us - begin < 2 * US_PER_S);
}

static void damaged_answers(void **state)
{
	(void)state;
	sdhci_fake.damages_answers = sdhost_fake.damages_answers = true;
	sunxi_mmc_fake.damages_answers = pl181_fake.damages_answers = true;
	assert_int_equal(block_start(disk), ERR_IO);
}

int run_identify_tests(void)
{
	const struct CMUnitTest tests[] = {
		OVER_ALL(a_card_of_today),
		OVER_ALL(a_card_of_the_first_kind),
		OVER_ALL(a_card_that_has_no_high_speed),
		OVER_ALL(an_empty_slot_is_noticed_soon),
		OVER_ALL(what_is_no_card_that_we_know),
		OVER_ALL(a_protected_card),
		OVER_ALL(what_answers_nothing_but_a_controller_that_hangs),
		OVER_ALL(damaged_answers),
	};
	return cmocka_run_group_tests_name("identify", tests, NULL, NULL);
}
