/* SPDX-License-Identifier: ISC */
/* What is Arm's PL180's and PL181's own. */
#include "drivers/block/pl181/pl181_regs.h"
#include "tests/unit/sd/rig.h"

static bool card_is_there;

static bool has_card(void)
{
	return card_is_there;
}

/* As on the Versatile Express: one line of data, and the board sees the card. */
static int set_up_one_line(void **state)
{
	const struct pl181_config config = {.base = PL181_FAKE_BASE,
					    .clock_hz = PL181_FAKE_CLOCK_HZ,
					    .hz_max = PL181_FAKE_HZ_MAX,
					    .line = SD_MACHINE_LINE,
					    .has_one_line = true,
					    .has_card = has_card};

	(void)state;
	card_is_there = true;
	return set_up_pl181_with(&config);
}

static void its_clock(void **state)
{
	(void)state;
	started();
	assert_int_equal(pl181_fake_hz(), 12000000);
	sd_fake_init();
	sd_fake.present = false;
	assert_int_equal(block_start(disk), ERR_NODEV);
	assert_int_equal(pl181_fake_hz(), 0);
}

/* The slowest card of the specification would be asked at 400 kHz at most. */
static void its_clock_for_what_is_not_known_yet(void **state)
{
	struct sd_host *host = card.host;

	(void)state;
	assert_int_equal(sd_host_start(host), OK);
	assert_int_equal(pl181_fake_hz(), 400000);
	assert_int_equal(sd_host_set_clock(host, 399999), OK);
	assert_in_range(pl181_fake_hz(), 350000, 399999);
	assert_int_equal(sd_host_set_clock(host, 1000), OK); /* as slow as it can be */
	assert_int_equal(pl181_fake_hz(), PL181_FAKE_CLOCK_HZ / 512);
	assert_int_equal(sd_host_set_clock(host, 50000000), OK);
	assert_int_equal(pl181_fake_hz(), PL181_FAKE_CLOCK_HZ);
}

static void one_line_of_data(void **state)
{
	(void)state;
	started();
	assert_int_equal(sd_fake.width, 1);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 20 * SECTOR);
	block_stop(disk);
	sd_fake_make_mmc(SD_FAKE_SECTORS, true);
	started();
	assert_int_equal(sd_fake.width, 1);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

static void the_board_sees_that_there_is_no_card(void **state)
{
	(void)state;
	card_is_there = false;
	assert_int_equal(block_start(disk), ERR_NODEV);
	assert_int_equal(sd_fake.logged, 0);
	card_is_there = true;
	assert_int_equal(block_start(disk), OK);
}

static void what_is_no_pl181(void **state)
{
	(void)state;
	pl181_fake.id = 0x00041011;
	assert_int_equal(block_start(disk), ERR_NODEV);
	assert_int_equal(pl181_fake.power, 0);
	pl181_fake.id = MCI_ID_ARM_PL180;
	started();
	assert_int_equal(pl181_fake.clock & MCI_CLOCK_FLOW_CONTROL, 0);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

/* That of the Versatile Express's motherboard. */
static void a_large_fifo(void **state)
{
	(void)state;
	pl181_fake.id = 0x02041180;
	pl181_fake.fifo_words = 128;
	started();
	assert_true((pl181_fake.clock & MCI_CLOCK_FLOW_CONTROL) != 0);
	assert_int_equal(transfer(BLOCK_READ, 5, 130), OK);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 130 * SECTOR);
	assert_int_equal(transfer(BLOCK_WRITE, 500, 130), OK);
	assert_memory_equal(memory, &sd_fake.memory[500 * SECTOR], 130 * SECTOR);
	pl181_fake.data_status = MCI_STATUS_DATA_CRC_FAIL;
	assert_int_equal(transfer(BLOCK_READ, 5, 130), OK);
}

/* The FIFO is small and the card's clock never stops: nobody but the handler is fast enough. */
static void the_handler_moves_the_data(void **state)
{
	struct request q;

	(void)state;
	started();
	pl181_fake.gap = 3;
	for (unsigned writes = 0; writes < 2; writes++) {
		prepare(&q, writes ? BLOCK_WRITE : BLOCK_READ, 5 + 500 * writes, 60);
		assert_int_equal(block_submit(disk, &q.r), OK);
		for (unsigned polls = 0; pl181_fake.length != 60 * SECTOR; polls++) {
			assert_true(polls < 3);
			(void)block_poll(disk, ++sd_machine.now_us);
		}
		(void)block_poll(disk, ++sd_machine.now_us);
		assert_memory_not_equal(memory, &sd_fake.memory[(5 + 500 * writes) * SECTOR],
					60 * SECTOR);
		sd_machine_run();
		assert_memory_equal(memory, &sd_fake.memory[(5 + 500 * writes) * SECTOR],
				    60 * SECTOR);
		assert_int_equal(q.ended, 0);
		run(TIME_NEVER);
		assert_int_equal(q.result, OK);
		pl181_fake.length = 0;
	}
}

/* Not when it would be given up. */
static void the_handler_wakes_when_it_has_ended(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	pl181_fake.gap = 3;
	assert_int_equal(transfer(BLOCK_READ, 5, 60), OK);
	assert_in_range(sd_machine.now_us - begin, 0, 100 * US_PER_MS);
}

static void data_that_are_lost(void **state)
{
	static const struct {
		uint32_t status;
		bool writes, silent;
	} faults[] = {
		{MCI_STATUS_RX_OVERRUN, false, false},    {MCI_STATUS_TX_UNDERRUN, true, false},
		{MCI_STATUS_DATA_CRC_FAIL, false, false}, {MCI_STATUS_DATA_CRC_FAIL, true, false},
		{MCI_STATUS_START_BIT_ERR, false, false}, {MCI_STATUS_DATA_TIME_OUT, false, true},
		{MCI_STATUS_DATA_TIME_OUT, true, true},
	};

	(void)state;
	started();
	for (unsigned i = 0; i < ARRAY_SIZE(faults); i++) {
		struct sd_stats before = card.stats;

		pl181_fake.gap = i % 3;
		pl181_fake.data_status = faults[i].status;
		memset(memory, (int)i, 20 * SECTOR);
		assert_int_equal(
			transfer(faults[i].writes ? BLOCK_WRITE : BLOCK_READ, 5 + 20 * i, 20), OK);
		assert_memory_equal(memory, &sd_fake.memory[(5 + 20 * i) * SECTOR], 20 * SECTOR);
		assert_int_equal(card.stats.damaged, before.damaged + !faults[i].silent);
		assert_int_equal(card.stats.silent, before.silent + faults[i].silent);
		assert_int_equal(card.stats.tried_again, before.tried_again + 1);
	}
}

/* The words of the block that fails are in the FIFO still. */
static void an_error_in_the_middle(void **state)
{
	(void)state;
	started();
	sd_fake.damage = 1;
	sd_fake.damage_after = 3;
	pl181_fake.gap = 1;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 20 * SECTOR);
	assert_int_equal(card.stats.damaged, 1);
}

static void data_that_never_end(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	pl181_fake.never_ends = true;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), ERR_IO);
	assert_int_equal(transfer(BLOCK_WRITE, 5, 20), ERR_IO);
	assert_true(sd_machine.now_us - begin < 20 * US_PER_S);
	pl181_fake.never_ends = false;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

static void commands_that_never_end(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	pl181_fake.silent = true;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), ERR_NODEV);
	assert_true(sd_machine.now_us - begin < 5 * US_PER_S);
	pl181_fake.silent = false;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

/* The memory is the caller's again, whatever the card sends. */
static void nothing_is_moved_after_a_stop(void **state)
{
	struct request q;

	(void)state;
	started();
	pl181_fake.gap = 5;
	prepare(&q, BLOCK_READ, 5, 20);
	assert_int_equal(block_submit(disk, &q.r), OK);
	for (unsigned i = 0; i < 3; i++)
		(void)block_poll(disk, ++sd_machine.now_us);
	assert_true(pl181_fake.mask != 0);
	block_stop(disk);
	assert_int_equal(q.result, ERR_CLOSED);
	memset(memory, 0x5a, sizeof(memory));
	sd_machine_run();
	for (unsigned i = 0; i < 20 * SECTOR; i++)
		assert_int_equal(memory[i], 0x5a);
}

/* As when the card layer gives up, and begins another command with the same controller. */
static void what_is_cancelled_interrupts_no_more(void **state)
{
	struct sd_command hangs = {.index = 13, .response = SD_R1};

	(void)state;
	started();
	pl181_fake.silent = true;
	sd_host_begin(card.host, &hangs);
	assert_int_equal(sd_host_poll(card.host), ERR_AGAIN);
	assert_true(pl181_fake.mask != 0);
	sd_host_cancel(card.host);
	assert_int_equal(pl181_fake.mask, 0);
	pl181_fake.silent = false;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

#define PL181(test)    cmocka_unit_test_setup_teardown(test, set_up_pl181, tear_down)
#define ONE_LINE(test) cmocka_unit_test_setup_teardown(test, set_up_one_line, tear_down)

int run_pl181_tests(void)
{
	const struct CMUnitTest tests[] = {
		PL181(its_clock),
		PL181(its_clock_for_what_is_not_known_yet),
		ONE_LINE(one_line_of_data),
		ONE_LINE(the_board_sees_that_there_is_no_card),
		PL181(what_is_no_pl181),
		PL181(a_large_fifo),
		PL181(the_handler_moves_the_data),
		PL181(the_handler_wakes_when_it_has_ended),
		PL181(data_that_are_lost),
		PL181(an_error_in_the_middle),
		PL181(data_that_never_end),
		PL181(commands_that_never_end),
		PL181(nothing_is_moved_after_a_stop),
		PL181(what_is_cancelled_interrupts_no_more),
	};
	return cmocka_run_group_tests_name("pl181", tests, NULL, NULL);
}
