/* SPDX-License-Identifier: ISC */
/* Over a device that keeps the rules, all that a block does; and what becomes of one that breaks
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/block/virtio_blk/virtio_blk.h"
#include "drivers/virtio/virtio_mmio.h"
#include "tests/fakes/runtime.h"
#include "tests/fakes/virtio_blk_fake.h"
#include "tests/unit/block_conformance/block_conformance.h"

enum { LINE = 3, SECTOR = 512, MANY = 32 };

#define ALL_FEATURES                                                                               \
	(VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE | VIRTIO_BLK_F_FLUSH |                       \
	 VIRTIO_BLK_F_TOPOLOGY | VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES)

static struct virtio_blk_fake fake;
static struct virtio_blk *v;
static struct block *block;
static struct virtio_mmio mmio;
static uint64_t now_us, due_us;
static unsigned wakes;
static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[MANY * SECTOR];

static enum err line_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)trigger;
	assert_int_equal(line, LINE);
	return OK;
}

static void line_disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	assert_int_equal(line, LINE);
}

static void no_dispatch(struct irq_chip *chip)
{
	(void)chip;
}

static const struct irq_chip_ops irq_ops = {line_enable, line_disable, no_dispatch};
static struct irq_line lines[LINE + 1];
static struct irq_chip irq = {.ops = &irq_ops, .lines = lines, .n_lines = LINE + 1};

static void raise_line(void *arg)
{
	(void)arg;
	if (lines[LINE].handler != NULL)
		lines[LINE].handler(lines[LINE].arg);
}

static void wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void plug(uint32_t version, uint64_t features)
{
	virtio_blk_fake_init(&fake, version, features);
	fake.device.raise = raise_line;
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	if (v == NULL)
		v = virtio_fake_low_memory(sizeof(*v));
	memset(lines, 0, sizeof(lines));
	block = virtio_blk_init(v, &mmio.dev, &irq, LINE, IRQ_LEVEL_HIGH, "disk0");
	block->waker = (struct waker){wake, NULL};
	assert_int_equal(fake.device.register_writes, 0);
	fake_log_complaints = 0;
	now_us = due_us = wakes = 0;
}

static void poll_once(void)
{
	due_us = block_poll(block, ++now_us);
}

/* As the loop does: the task while it is woken, then the device. */
static void run(struct block_subject *s)
{
	(void)s;
	for (unsigned i = 0; i < 100 && (wakes > 0 || due_us <= now_us); i++) {
		wakes = 0;
		poll_once();
	}
	virtio_blk_fake_work(&fake);
}

/* --- what it does as any block --------------------------------------------------------------- */

static void none(struct block_subject *s)
{
	(void)s;
}

static void set_up_modern(struct block_subject *s)
{
	plug(2, ALL_FEATURES);
	s->block = block;
}

static void set_up_legacy(struct block_subject *s)
{
	plug(1, VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_FLUSH);
	s->block = block;
}

static void set_up_bare(struct block_subject *s)
{
	plug(2, VIRTIO_BLK_F_SEG_MAX);
	s->block = block;
}

static void set_up_large_sectors(struct block_subject *s)
{
	plug(2, ALL_FEATURES);
	virtio_blk_fake_set(&fake, 20, 4096, 4);
	virtio_blk_fake_set(&fake, 36, 512, 4);
	virtio_blk_fake_set(&fake, 48, 512, 4);
	s->block = block;
}

static void set_up_small_pieces(struct block_subject *s)
{
	plug(2, ALL_FEATURES | VIRTIO_BLK_F_SIZE_MAX);
	virtio_blk_fake_set(&fake, 8, 7000, 4);
	s->block = block;
}

static void make_read_only(struct block_subject *s)
{
	(void)s;
	fake.device.offered |= VIRTIO_BLK_F_RO;
}

static int run_conformance(void)
{
	struct block_subject subjects[] = {
		{.name = "virtio-blk", .set_up = set_up_modern},
		{.name = "virtio-blk, legacy", .set_up = set_up_legacy},
		{.name = "virtio-blk, without features", .set_up = set_up_bare},
		{.name = "virtio-blk, 4096", .set_up = set_up_large_sectors},
		{.name = "virtio-blk, SIZE_MAX", .set_up = set_up_small_pieces},
	};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		subjects[i].tear_down = none;
		subjects[i].run = run;
		subjects[i].make_read_only = make_read_only;
		failed += block_conformance(&subjects[i]);
	}
	return failed;
}

/* --- what is special ------------------------------------------------------------------------- */

struct request {
	struct block_request r;
	enum err result;
	unsigned ended;
};

static struct request requests[MANY];

static void done(struct block_request *r, enum err result)
{
	struct request *q = container_of(r, struct request, r);

	q->ended++;
	q->result = result;
}

static void submit(unsigned i, enum block_op op)
{
	requests[i] = (struct request){.r = {.op = op,
					     .sector = i,
					     .count = op == BLOCK_FLUSH ? 0 : 1,
					     .memory = memory + i * SECTOR,
					     .done = done}};
	assert_int_equal(block_submit(block, &requests[i].r), OK);
}

static enum err one(enum block_op op)
{
	submit(0, op);
	run(NULL);
	run(NULL);
	assert_int_equal(requests[0].ended, 1);
	return requests[0].result;
}

static void started(void)
{
	plug(2, ALL_FEATURES);
	assert_int_equal(block_start(block), OK);
}

static void many_requests_cost_one_notification(void **state)
{
	(void)state;
	started();
	for (unsigned i = 0; i < MANY; i++)
		submit(i, BLOCK_READ);
	run(NULL);
	assert_int_equal(fake.max_held, MANY);
	assert_int_equal(fake.device.queue[0].notified, 1);
	assert_int_equal(fake.device.interrupts, 1);
	run(NULL);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(requests[i].ended, 1);
	assert_int_equal(v->stats.reads, MANY);
}

static void more_than_fit_wait_for_their_turn(void **state)
{
	static struct request q[200];
	unsigned ended = 0;

	(void)state;
	started();
	for (size_t i = 0; i < ARRAY_SIZE(q); i++) {
		q[i] = (struct request){.r = {.count = 1, .memory = memory, .done = done}};
		assert_int_equal(block_submit(block, &q[i].r), OK);
	}
	for (unsigned i = 0; i < 20; i++)
		run(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(q); i++)
		ended += q[i].ended == 1 && q[i].result == OK;
	assert_int_equal(ended, ARRAY_SIZE(q));
	assert_int_equal(fake.max_held, VIRTIO_BLK_REQUESTS);
}

static void a_flush_reaches_a_device_with_a_cache(void **state)
{
	(void)state;
	started();
	assert_int_equal(one(BLOCK_FLUSH), OK);
	assert_int_equal(fake.flushes, 1);
	plug(2, 0);
	assert_int_equal(block_start(block), OK);
	assert_int_equal(one(BLOCK_FLUSH), OK);
	assert_int_equal(fake.requests, 0);
}

static void geometry_is_told(void **state)
{
	(void)state;
	plug(2, ALL_FEATURES | VIRTIO_BLK_F_RO);
	virtio_blk_fake_set(&fake, 24, 3, 1);
	virtio_blk_fake_set(&fake, 44, 16, 4);
	assert_int_equal(block_start(block), OK);
	assert_int_equal(block->sectors, 2048);
	assert_int_equal(block->limits.best, 8);
	assert_int_equal(block->limits.discard_max, 64);
	assert_int_equal(block->limits.discard_align, 16);
	assert_int_equal(block->limits.pieces_max, 20);
	assert_true(block->read_only);
	block_stop(block);
	virtio_blk_fake_set(&fake, 28, 32, 4);
	assert_int_equal(block_start(block), OK);
	assert_int_equal(block->limits.best, 32);
}

static void configurations_that_cannot_be(void **state)
{
	static const struct {
		unsigned at, bytes;
		uint64_t value;
		enum err e;
	} wrong[] = {{20, 4, 0, ERR_UNSUPPORTED},     {20, 4, 1024, ERR_UNSUPPORTED},
		     {20, 4, 65536, ERR_UNSUPPORTED}, {8, 4, 0, ERR_UNSUPPORTED},
		     {8, 4, 511, ERR_UNSUPPORTED},    {0, 8, 0, ERR_NODEV}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		plug(2, ALL_FEATURES | VIRTIO_BLK_F_SIZE_MAX);
		virtio_blk_fake_set(&fake, 8, 4096, 4);
		virtio_blk_fake_set(&fake, wrong[i].at, wrong[i].value, wrong[i].bytes);
		assert_int_equal(block_start(block), wrong[i].e);
		assert_int_equal(block->sectors, 0);
	}
}

static void one_that_never_answers(void **state)
{
	(void)state;
	started();
	fake.silent = true;
	submit(0, BLOCK_READ);
	run(NULL);
	assert_in_range(due_us, VIRTIO_BLK_WAIT_US, VIRTIO_BLK_WAIT_US + 10);
	now_us = due_us - 2;
	poll_once();
	assert_int_equal(requests[0].ended, 0);
	now_us += 1;
	poll_once();
	assert_int_equal(requests[0].ended, 1);
	assert_int_equal(requests[0].result, ERR_TIMEOUT);
	assert_int_equal(fake_log_complaints, 1);
	assert_non_null(strstr(fake_log_complaint, "disk0: device fault: does not answer"));
	fake.silent = false;
	assert_int_equal(one(BLOCK_READ), OK); /* set up again */
	assert_int_equal(v->stats.timeouts, 1);
}

static void what_waits_goes_on_after_a_reset(void **state)
{
	static struct request q[VIRTIO_BLK_REQUESTS + 5];
	unsigned late = 0, good = 0;

	(void)state;
	started();
	fake.silent = true;
	for (size_t i = 0; i < ARRAY_SIZE(q); i++) {
		q[i] = (struct request){.r = {.count = 1, .memory = memory, .done = done}};
		assert_int_equal(block_submit(block, &q[i].r), OK);
	}
	run(NULL);
	now_us += VIRTIO_BLK_WAIT_US;
	poll_once();
	fake.silent = false;
	for (unsigned i = 0; i < 5; i++)
		run(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(q); i++) {
		late += q[i].result == ERR_TIMEOUT;
		good += q[i].ended == 1 && q[i].result == OK;
	}
	assert_int_equal(late, VIRTIO_BLK_REQUESTS);
	assert_int_equal(good, 5);
}

static void answers_that_cannot_be(void **state)
{
	(void)state;
	started();
	fake.status = 1;
	assert_int_equal(one(BLOCK_READ), ERR_IO);
	fake.status = 2;
	assert_int_equal(one(BLOCK_WRITE), ERR_UNSUPPORTED);
	assert_int_equal(v->stats.failed, 2);
	fake.status = 0xff; /* as if it had written nothing */
	assert_int_equal(one(BLOCK_READ), ERR_IO);
	fake.status = 0;
	fake.short_by = 1;
	assert_int_equal(one(BLOCK_READ), ERR_IO);
	assert_int_equal(v->stats.nonsense, 2);
	assert_int_equal(v->stats.resets, 0);
	fake.short_by = UINT32_MAX; /* one byte more than there is room for */
	assert_int_equal(one(BLOCK_READ), ERR_IO);
	assert_int_equal(v->stats.resets, 1);
	fake.short_by = 0;
	assert_int_equal(one(BLOCK_READ), OK);
}

static void used_entries_that_cannot_be(void **state)
{
	static const uint32_t ids[] = {127, 128, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		started();
		fake.silent = true;
		submit(0, BLOCK_READ);
		run(NULL);
		virtio_fake_push(&fake.device, 0, ids[i], 1);
		virtio_fake_publish(&fake.device, 0);
		run(NULL);
		assert_int_equal(requests[0].result, ERR_IO);
		assert_int_equal(requests[0].ended, 1);
		fake.silent = false;
		assert_int_equal(one(BLOCK_READ), OK);
	}
}

static void one_that_breaks_the_rules_for_ever_is_given_up(void **state)
{
	(void)state;
	started();
	fake.short_by = UINT32_MAX;
	for (unsigned i = 0; i <= VIRTIO_BLK_RESETS_MAX; i++)
		assert_int_equal(one(BLOCK_READ), ERR_IO);
	assert_int_equal(block->sectors, 0);
	assert_non_null(strstr(fake_log_complaint, "disk0: given up"));
	assert_int_equal(block_submit(block, &requests[0].r), ERR_NODEV);
	fake.short_by = 0;
	assert_int_equal(block_start(block), OK);
	assert_int_equal(one(BLOCK_READ), OK);
}

static void one_that_is_another_after_a_reset_is_given_up(void **state)
{
	(void)state;
	started();
	fake.short_by = UINT32_MAX;
	virtio_blk_fake_set(&fake, 12, 3, 4); /* takes fewer pieces */
	assert_int_equal(one(BLOCK_READ), ERR_IO);
	assert_int_equal(block->sectors, 0);
}

static void it_may_grow_and_shrink(void **state)
{
	(void)state;
	started();
	virtio_blk_fake_set(&fake, 0, 1000, 8);
	virtio_fake_config_changed(&fake.device);
	run(NULL);
	assert_int_equal(block->sectors, 1000);
	assert_non_null(strstr(fake_log_last, "disk0: now 1000 sectors"));
	virtio_blk_fake_set(&fake, 0, 0, 8);
	virtio_fake_config_changed(&fake.device);
	run(NULL);
	assert_int_equal(block_submit(block, &requests[0].r), ERR_NODEV);
}

static void it_may_ask_for_a_reset(void **state)
{
	(void)state;
	started();
	fake.device.status |= 64;
	virtio_fake_config_changed(&fake.device);
	run(NULL);
	assert_int_equal(v->stats.resets, 1);
	assert_int_equal(one(BLOCK_READ), OK);
}

static void one_that_does_not_reset(void **state)
{
	(void)state;
	started();
	fake.silent = true;
	submit(0, BLOCK_READ);
	run(NULL);
	fake.device.never_resets = true;
	now_us += VIRTIO_BLK_WAIT_US;
	poll_once();
	assert_int_equal(requests[0].ended, 1);
	assert_int_equal(requests[0].result, ERR_TIMEOUT);
	assert_int_equal(block->sectors, 0);
	plug(2, 0);
	fake.device.never_resets = true;
	assert_int_equal(block_start(block), ERR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_requests_cost_one_notification),
		cmocka_unit_test(more_than_fit_wait_for_their_turn),
		cmocka_unit_test(a_flush_reaches_a_device_with_a_cache),
		cmocka_unit_test(geometry_is_told),
		cmocka_unit_test(configurations_that_cannot_be),
		cmocka_unit_test(one_that_never_answers),
		cmocka_unit_test(what_waits_goes_on_after_a_reset),
		cmocka_unit_test(answers_that_cannot_be),
		cmocka_unit_test(used_entries_that_cannot_be),
		cmocka_unit_test(one_that_breaks_the_rules_for_ever_is_given_up),
		cmocka_unit_test(one_that_is_another_after_a_reset_is_given_up),
		cmocka_unit_test(it_may_grow_and_shrink),
		cmocka_unit_test(it_may_ask_for_a_reset),
		cmocka_unit_test(one_that_does_not_reset),
	};
	int failed = run_conformance();

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
