/* SPDX-License-Identifier: ISC */
/* Reading and writing, and what becomes of it when something goes wrong. */
#include "tests/unit/sd/rig.h"

static void fill(uint32_t sectors)
{
	for (unsigned i = 0; i < sectors * SECTOR; i++)
		memory[i] = (uint8_t)(i * 5 + i / SECTOR + 1);
}

static void reads_and_writes(void **state)
{
	static const struct {
		uint64_t sector;
		uint32_t count;
	} ranges[] = {{0, 1}, {9, 2}, {100, 255}, {3, 256}, {3, 257}, {3496, 600}};

	(void)state;
	started();
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		const uint8_t *there = &sd_fake.memory[ranges[i].sector * SECTOR];
		size_t len = ranges[i].count * SECTOR;

		sd_fake.logged = 0;
		assert_int_equal(transfer(BLOCK_READ, ranges[i].sector, ranges[i].count), OK);
		assert_memory_equal(memory, there, len);
		fill(ranges[i].count);
		assert_int_equal(transfer(BLOCK_WRITE, ranges[i].sector, ranges[i].count), OK);
		assert_memory_equal(memory, there, len);
		assert_int_equal(sd_fake_count(12), 0); /* they were counted */
	}
	assert_int_equal(fake_log_lines, 0);
}

/* Backwards in memory, so that only the pieces say where what goes. */
static void pieces_of_memory(void **state)
{
	static const struct block_piece pieces[] = {
		{memory + 6 * SECTOR, 3}, {memory + 3 * SECTOR, 2}, {memory, 1}};
	struct request q;

	(void)state;
	started();
	for (unsigned op = BLOCK_READ; op <= BLOCK_WRITE; op++) {
		fill(9);
		prepare(&q, (enum block_op)op, 40, 6);
		q.r.memory = NULL;
		q.r.pieces = pieces;
		q.r.n_pieces = 3;
		assert_int_equal(block_submit(disk, &q.r), OK);
		run(TIME_NEVER);
		assert_int_equal(q.result, OK);
		assert_int_equal(q.ended, 1);
		assert_memory_equal(memory + 6 * SECTOR, &sd_fake.memory[40 * SECTOR], 3 * SECTOR);
		assert_memory_equal(memory + 3 * SECTOR, &sd_fake.memory[43 * SECTOR], 2 * SECTOR);
		assert_memory_equal(memory, &sd_fake.memory[45 * SECTOR], SECTOR);
	}
	assert_int_equal(transfer(BLOCK_DISCARD, 0, 1), ERR_UNSUPPORTED);
	assert_int_equal(transfer(BLOCK_ZERO, 0, 1), ERR_UNSUPPORTED);
}

static void a_card_that_does_not_count_is_stopped(void **state)
{
	(void)state;
	sd_fake.has_set_count = false;
	sd_fake.scr[3] = 0;
	started();
	sd_fake.stop_bits = 0x80000000; /* past the end: which after reading means nothing */
	assert_int_equal(transfer(BLOCK_READ, SD_FAKE_SECTORS - 5, 5), OK);
	assert_memory_equal(memory, &sd_fake.memory[(SD_FAKE_SECTORS - 5) * SECTOR], 5 * SECTOR);
	sd_fake.stop_bits = 0;
	fill(300);
	assert_int_equal(transfer(BLOCK_WRITE, 20, 300), OK);
	assert_memory_equal(memory, &sd_fake.memory[20 * SECTOR], 300 * SECTOR);
	/* Once for each piece of what the controller counts, which is 128 KiB at most. */
	assert_int_equal(sd_fake_count(12), card.host->blocks_max < 256 ? 4 : 3);
	assert_int_equal(sd_fake_count(23), 0);
}

static void past_the_end_nothing_is_sent(void **state)
{
	(void)state;
	started();
	assert_int_equal(transfer(BLOCK_READ, SD_FAKE_SECTORS, 1), ERR_RANGE);
	assert_int_equal(transfer(BLOCK_READ, SD_FAKE_SECTORS - 1, 2), ERR_RANGE);
	assert_int_equal(transfer(BLOCK_READ, UINT64_MAX, 2), ERR_RANGE);
	assert_int_equal(sd_fake.logged, 0);
}

static void requests_wait_for_their_turn(void **state)
{
	static struct request q[5];

	(void)state;
	started();
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		prepare(&q[i], i == 3 ? BLOCK_FLUSH : BLOCK_READ, i * 10, i == 3 ? 0 : 4);
		q[i].r.memory = &memory[i * 4 * SECTOR];
		assert_int_equal(block_submit(disk, &q[i].r), OK);
	}
	run(TIME_NEVER);
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		assert_int_equal(q[i].ended, 1);
		assert_int_equal(q[i].result, OK);
		if (i != 3)
			assert_memory_equal(q[i].r.memory, &sd_fake.memory[i * 10 * SECTOR],
					    4 * SECTOR);
	}
}

static void damaged_data_are_tried_again(void **state)
{
	(void)state;
	started();
	for (unsigned i = 0; i < 2; i++) {
		enum block_op op = i == 0 ? BLOCK_READ : BLOCK_WRITE;

		sd_fake.damage = 2;
		sd_fake.damage_after = 3;
		fill(8);
		assert_int_equal(transfer(op, 40, 8), OK);
		assert_memory_equal(memory, &sd_fake.memory[40 * SECTOR], 8 * SECTOR);
	}
	assert_int_equal(card.stats.damaged, 4);
	assert_int_equal(card.stats.tried_again, 4);
	assert_int_equal(fake_log_lines, 0);
}

static void three_times_and_no_more(void **state)
{
	(void)state;
	started();
	sd_fake.damage = 3;
	assert_int_equal(transfer(BLOCK_READ, 40, 8), ERR_IO);
	assert_int_equal(sd_fake_count(18), 3);
	assert_int_equal(card.stats.given_up, 1);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(transfer(BLOCK_READ, 40, 8), OK); /* the card goes on */
	sd_fake.damage = 3;
	assert_int_equal(transfer(BLOCK_WRITE, 40, 1), ERR_IO);
	assert_int_equal(fake_log_lines, 1); /* the first is told, the others counted */
}

static void data_that_do_not_come(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	sd_fake.silence = 1;
	assert_int_equal(transfer(BLOCK_READ, 40, 8), OK);
	assert_memory_equal(memory, &sd_fake.memory[40 * SECTOR], 8 * SECTOR);
	sd_fake.silence = 100;
	assert_int_equal(transfer(BLOCK_READ, 40, 8), ERR_IO);
	sd_fake.silence = 0;
	assert_int_equal(card.stats.silent, 4);
	assert_true(sd_machine.now_us - begin < 20 * US_PER_S);
	assert_int_equal(transfer(BLOCK_WRITE, 40, 8), OK);
}

static void refusals(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	sd_fake.status_bits = 0x00200000; /* ECC */
	sd_fake.status_times = 1;
	assert_int_equal(transfer(BLOCK_READ, 40, 8), OK);
	sd_fake.status_times = 100;
	assert_int_equal(transfer(BLOCK_READ, 40, 8), ERR_IO);
	sd_fake.status_bits = 0x04000000; /* protected: once is enough */
	sd_fake.logged = 0;
	assert_int_equal(transfer(BLOCK_WRITE, 40, 1), ERR_READONLY);
	assert_int_equal(sd_fake_count(24), 1);
	assert_true(sd_machine.now_us - begin < 100000); /* no data were waited for */
}

static void a_card_that_stores_for_a_while(void **state)
{
	(void)state;
	started();
	sd_fake.busy_polls = 20;
	fill(4);
	assert_int_equal(transfer(BLOCK_WRITE, 4, 4), OK);
	assert_int_equal(sd_fake_count(13), 21);
}

static void a_card_that_stores_for_ever(void **state)
{
	uint64_t begin;

	(void)state;
	started();
	begin = sd_machine.now_us;
	sd_fake.busy_polls = UINT32_MAX;
	assert_int_equal(transfer(BLOCK_WRITE, 4, 4), ERR_NODEV);
	assert_true(sd_machine.now_us - begin < 3 * US_PER_S);
	assert_int_equal(fake_log_lines, 1);
}

static void a_card_that_is_pulled(void **state)
{
	static struct request q[3];
	uint64_t begin;

	(void)state;
	started();
	sdhost_fake.gap = 100; /* or DMA has moved all of the first when it goes */
	sunxi_mmc_fake.data_late = 2;
	pl181_fake.gap = 100;
	begin = sd_machine.now_us;
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		prepare(&q[i], i == 1 ? BLOCK_WRITE : BLOCK_READ, i, 300);
		assert_int_equal(block_submit(disk, &q[i].r), OK);
	}
	(void)block_poll(disk, sd_machine.now_us);
	sd_fake.present = false;
	run(TIME_NEVER);
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		assert_int_equal(q[i].ended, 1);
		assert_int_equal(q[i].result, ERR_NODEV);
	}
	assert_true(sd_machine.now_us - begin < 10 * US_PER_S);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(transfer(BLOCK_READ, 0, 1), ERR_NODEV);
	sd_fake_init();
	started();
	assert_int_equal(transfer(BLOCK_READ, 0, 1), OK);
}

/* Another card knows nothing of the address of the first. */
static void a_card_that_is_exchanged(void **state)
{
	(void)state;
	started();
	sd_fake_init();
	assert_int_equal(transfer(BLOCK_READ, 0, 1), ERR_NODEV);
	started();
	assert_int_equal(transfer(BLOCK_READ, 0, 1), OK);
}

static void what_is_lent_comes_back_at_the_stop(void **state)
{
	static struct request q[2];

	(void)state;
	started();
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		prepare(&q[i], BLOCK_READ, i, 300);
		assert_int_equal(block_submit(disk, &q[i].r), OK);
	}
	sd_fake.silence = 1;
	run(1000);
	assert_int_equal(q[0].ended, 0);
	block_stop(disk);
	for (unsigned i = 0; i < ARRAY_SIZE(q); i++) {
		assert_int_equal(q[i].ended, 1);
		assert_int_equal(q[i].result, ERR_CLOSED);
	}
	assert_int_equal(block_poll(disk, sd_machine.now_us), TIME_NEVER);
}

int run_transfer_tests(void)
{
	const struct CMUnitTest tests[] = {
		OVER_ALL(reads_and_writes),
		OVER_ALL(pieces_of_memory),
		OVER_ALL(a_card_that_does_not_count_is_stopped),
		OVER_ALL(past_the_end_nothing_is_sent),
		OVER_ALL(requests_wait_for_their_turn),
		OVER_ALL(damaged_data_are_tried_again),
		OVER_ALL(three_times_and_no_more),
		OVER_ALL(data_that_do_not_come),
		OVER_ALL(refusals),
		OVER_ALL(a_card_that_stores_for_a_while),
		OVER_ALL(a_card_that_stores_for_ever),
		OVER_ALL(a_card_that_is_pulled),
		OVER_ALL(a_card_that_is_exchanged),
		OVER_ALL(what_is_lent_comes_back_at_the_stop),
	};
	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
