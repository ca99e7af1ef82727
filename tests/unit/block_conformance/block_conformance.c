/* SPDX-License-Identifier: ISC */
#include "tests/unit/block_conformance/block_conformance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECTORS = 128, SECTOR_MAX = 4096, MANY = 32, ROUNDS_MAX = 10000 };

static struct block_subject *subject;
static struct block *block;
static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS * SECTOR_MAX];

struct request {
	struct block_request r;
	enum err result;
	unsigned ended;
	bool inside; /* block_submit() */
};

static void done(struct block_request *r, enum err result)
{
	struct request *q = container_of(r, struct request, r);

	assert_false(q->inside);
	q->ended++;
	q->result = result;
}

static enum err submit(struct request *q)
{
	enum err e;

	q->r.done = done;
	q->inside = true;
	e = block_submit(block, &q->r);
	q->inside = false;
	return e;
}

static enum err await(struct request *q)
{
	for (unsigned i = 0; q->ended == 0; i++) {
		assert_true(i < ROUNDS_MAX);
		subject->run(subject);
	}
	assert_int_equal(q->ended, 1);
	return q->result;
}

static enum err transfer(enum block_op op, uint64_t sector, uint32_t count, void *bytes)
{
	struct request q = {.r = {.op = op, .sector = sector, .count = count, .memory = bytes}};
	enum err e = submit(&q);

	return e == OK ? await(&q) : e;
}

static uint8_t *at(uint32_t sector)
{
	return &memory[sector * block->sector_bytes];
}

/* Every sector differs from every other, and from itself by `salt`. */
static uint8_t byte_of(uint64_t sector, size_t i, unsigned salt)
{
	return (uint8_t)(sector * 31 + i * 7 + (i >> 8) + salt);
}

static void fill(uint32_t place, uint64_t sector, uint32_t count, unsigned salt)
{
	for (uint32_t s = 0; s < count; s++) {
		for (size_t i = 0; i < block->sector_bytes; i++)
			at(place + s)[i] = byte_of(sector + s, i, salt);
	}
}

static void is_filled(uint32_t place, uint64_t sector, uint32_t count, unsigned salt)
{
	for (uint32_t s = 0; s < count; s++) {
		for (size_t i = 0; i < block->sector_bytes; i++)
			assert_int_equal(at(place + s)[i], byte_of(sector + s, i, salt));
	}
}

static void started(void)
{
	assert_int_equal(block_start(block), OK);
	assert_true(block->sectors >= 2 * SECTORS);
	assert_true(block->sector_bytes == 512 || block->sector_bytes == SECTOR_MAX);
	fill(0, 0, SECTORS, 0);
	assert_int_equal(transfer(BLOCK_WRITE, 0, SECTORS, memory), OK);
}

static int set_up(void **state)
{
	(void)state;
	subject->set_up(subject);
	block = subject->block;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	block_stop(block);
	subject->tear_down(subject);
	return 0;
}

/* --- the tests ------------------------------------------------------------------------------- */

static void reads_what_was_written_there_and_nowhere_else(void **state)
{
	static const uint32_t runs[][2] = {{0, 1}, {7, 3}, {64, 64}, {127, 1}};

	(void)state;
	started();
	for (unsigned i = 0; i < ARRAY_SIZE(runs); i++) {
		fill(0, runs[i][0], runs[i][1], 1);
		assert_int_equal(transfer(BLOCK_WRITE, runs[i][0], runs[i][1], memory), OK);
		memset(memory, 0xee, sizeof(memory));
		assert_int_equal(transfer(BLOCK_READ, 0, SECTORS, memory), OK);
		is_filled(0, 0, runs[i][0], 0);
		is_filled(runs[i][0], runs[i][0], runs[i][1], 1);
		is_filled(runs[i][0] + runs[i][1], runs[i][0] + runs[i][1],
			  SECTORS - runs[i][0] - runs[i][1], 0);
		fill(0, runs[i][0], runs[i][1], 0);
		assert_int_equal(transfer(BLOCK_WRITE, runs[i][0], runs[i][1], memory), OK);
	}
	assert_int_equal(transfer(BLOCK_READ, block->sectors - 1, 1, memory), OK);
}

static void pieces_of_memory_in_any_order(void **state)
{
	struct block_piece pieces[3];
	struct request q;

	(void)state;
	started();
	pieces[0] = (struct block_piece){at(50), 4};
	pieces[1] = (struct block_piece){at(10), 1};
	pieces[2] = (struct block_piece){at(20), 2};
	for (unsigned op = BLOCK_READ; op <= BLOCK_WRITE; op++) {
		q = (struct request){.r = {.op = (enum block_op)op,
					   .sector = 30,
					   .count = 7,
					   .pieces = pieces,
					   .n_pieces = 3}};
		fill(50, 30, 4, op == BLOCK_READ ? 9 : 1);
		fill(10, 34, 1, op == BLOCK_READ ? 9 : 1);
		fill(20, 35, 2, op == BLOCK_READ ? 9 : 1);
		assert_int_equal(submit(&q), OK);
		assert_int_equal(await(&q), OK);
		is_filled(50, 30, 4, op);
		is_filled(10, 34, 1, op);
		is_filled(20, 35, 2, op);
	}
	assert_int_equal(transfer(BLOCK_READ, 29, 9, memory), OK);
	is_filled(0, 29, 1, 0);
	is_filled(1, 30, 7, 1);
	is_filled(8, 37, 1, 0);
}

static void past_the_end_is_nothing(void **state)
{
	uint64_t end;

	(void)state;
	started();
	end = block->sectors;
	for (unsigned op = BLOCK_READ; op <= BLOCK_ZERO; op++) {
		if (op == BLOCK_FLUSH)
			continue;
		assert_int_equal(transfer((enum block_op)op, end, 1, memory), ERR_RANGE);
		assert_int_equal(transfer((enum block_op)op, end - 1, 2, memory), ERR_RANGE);
		assert_int_equal(transfer((enum block_op)op, UINT64_MAX, 2, memory), ERR_RANGE);
	}
	assert_int_equal(transfer(BLOCK_READ, end, 0, memory), OK);
}

static void many_at_a_time(void **state)
{
	static struct request q[MANY];

	(void)state;
	started();
	memset(memory, 0, sizeof(memory));
	for (uint32_t i = 0; i < MANY; i++) {
		q[i] = (struct request){.r = {.op = BLOCK_READ,
					      .sector = (i * 5) % MANY * 2,
					      .count = 2,
					      .memory = at(2 * i)}};
		assert_int_equal(submit(&q[i]), OK);
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(await(&q[i]), OK);
	subject->run(subject);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(q[i].ended, 1);
		is_filled(2 * i, (i * 5) % MANY * 2, 2, 0);
	}
}

static void flushes(void **state)
{
	(void)state;
	started();
	assert_int_equal(transfer(BLOCK_FLUSH, 0, 0, NULL), OK);
}

static void zeroes_and_discards_if_it_says_so(void **state)
{
	const struct block_limits *l;

	(void)state;
	started();
	l = &block->limits;
	assert_int_equal(transfer(BLOCK_ZERO, 40, 8, NULL), l->zero_max > 0 ? OK : ERR_UNSUPPORTED);
	assert_int_equal(transfer(BLOCK_READ, 39, 10, memory), OK);
	is_filled(0, 39, 1, 0);
	is_filled(9, 48, 1, 0);
	for (size_t i = 0; l->zero_max > 0 && i < 8u * block->sector_bytes; i++)
		assert_int_equal(at(1)[i], 0);
	assert_int_equal(transfer(BLOCK_DISCARD, 64, 16, NULL),
			 l->discard_max > 0 ? OK : ERR_UNSUPPORTED);
	assert_int_equal(transfer(BLOCK_READ, 63, 18, memory), OK);
	is_filled(0, 63, 1, 0);
	is_filled(17, 80, 1, 0);
	if (l->zero_max < block->sectors)
		assert_int_equal(transfer(BLOCK_ZERO, 0, l->zero_max + 1, NULL), ERR_UNSUPPORTED);
}

static void more_than_its_limits_is_refused(void **state)
{
	static struct block_piece pieces[SECTORS];
	const struct block_limits *l;
	struct request q = {.r = {.op = BLOCK_READ, .pieces = pieces}};

	(void)state;
	started();
	l = &block->limits;
	if (l->count_max != 0 && l->count_max < block->sectors)
		assert_int_equal(transfer(BLOCK_READ, 0, l->count_max + 1, memory),
				 ERR_UNSUPPORTED);
	q.r.n_pieces = q.r.count = l->pieces_max + 1;
	if (l->pieces_max == 0 || q.r.count > SECTORS)
		return;
	for (uint32_t i = 0; i < q.r.count; i++)
		pieces[i] = (struct block_piece){at(i), 1};
	assert_int_equal(submit(&q), ERR_UNSUPPORTED);
	q.r.n_pieces = --q.r.count;
	assert_int_equal(submit(&q), OK);
	assert_int_equal(await(&q), OK);
	is_filled(0, 0, q.r.count, 0);
}

static void read_only_is_not_changed(void **state)
{
	(void)state;
	if (subject->make_read_only == NULL)
		return;
	started();
	block_stop(block);
	subject->make_read_only(subject);
	assert_int_equal(block_start(block), OK);
	assert_true(block->read_only);
	assert_int_equal(transfer(BLOCK_WRITE, 0, 1, memory), ERR_READONLY);
	assert_int_equal(transfer(BLOCK_ZERO, 0, 1, NULL), ERR_READONLY);
	assert_int_equal(transfer(BLOCK_DISCARD, 0, 1, NULL), ERR_READONLY);
	assert_int_equal(transfer(BLOCK_FLUSH, 0, 0, NULL), OK);
	assert_int_equal(transfer(BLOCK_READ, 0, SECTORS, memory), OK);
	is_filled(0, 0, SECTORS, 0);
}

static void what_is_lent_comes_back_at_the_stop(void **state)
{
	static struct request q[MANY];

	(void)state;
	started();
	for (uint32_t i = 0; i < MANY; i++) {
		q[i] = (struct request){.r = {.op = BLOCK_READ, .count = 1, .memory = at(i)}};
		assert_int_equal(submit(&q[i]), OK);
	}
	block_stop(block);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(q[i].ended, 1);
		assert_int_equal(q[i].result, ERR_CLOSED);
	}
	assert_int_equal(block_start(block), OK);
	assert_int_equal(transfer(BLOCK_READ, 0, SECTORS, memory), OK);
	is_filled(0, 0, SECTORS, 0);
}

static unsigned rounds;

static void again(struct block_request *r, enum err result)
{
	assert_int_equal(result, OK);
	if (++rounds < 100)
		assert_int_equal(block_submit(block, r), OK);
}

static void a_request_may_be_submitted_by_the_end_of_another(void **state)
{
	struct block_request r = {.op = BLOCK_FLUSH, .done = again};

	(void)state;
	started();
	rounds = 0;
	assert_int_equal(block_submit(block, &r), OK);
	for (unsigned i = 0; rounds < 100; i++) {
		assert_true(i < ROUNDS_MAX);
		subject->run(subject);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int block_conformance(struct block_subject *s)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_what_was_written_there_and_nowhere_else),
		TEST(pieces_of_memory_in_any_order),
		TEST(past_the_end_is_nothing),
		TEST(many_at_a_time),
		TEST(flushes),
		TEST(zeroes_and_discards_if_it_says_so),
		TEST(more_than_its_limits_is_refused),
		TEST(read_only_is_not_changed),
		TEST(what_is_lent_comes_back_at_the_stop),
		TEST(a_request_may_be_submitted_by_the_end_of_another),
	};
	subject = s;
	return cmocka_run_group_tests_name(s->name, tests, NULL, NULL);
}
