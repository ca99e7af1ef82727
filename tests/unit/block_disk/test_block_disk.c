/* SPDX-License-Identifier: ISC */
/* A disk over a block device in simulated time: splitting, copying, waiting, giving up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/disk/block_disk.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/loop/loop_internal.h"
#include "storage/partition/partition.h"
#include "tests/fakes/disk_fake.h"
#include "tests/fakes/disk_memory.h"
#include "tests/fakes/machine.h"
#include "tests/fakes/runtime.h"
#include "tests/unit/disk_conformance/disk_conformance.h"
#include "tests/unit/fiber/world.h"

enum { SECTORS = 1024, SECTOR = 512 };

static uint8_t bytes[SECTORS * SECTOR];
static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS * SECTOR];
static struct disk_fake fake;
static struct block_disk d;
static struct task task;
static struct fiber main_fiber, other_fiber;
static void (*body)(void);

static uint64_t poll_block(void *self, uint64_t now_us)
{
	(void)self;
	return block_poll(&fake.block, now_us);
}

static void run_body(void *arg)
{
	(void)arg;
	body();
}

static void within(void (*fn)(void))
{
	body = fn;
	assert_int_equal(fiber_spawn(&main_fiber, "main", 32 << 10, run_body, NULL), OK);
	machine_run_until(&main_fiber.ended, 100000);
}

static void start(void)
{
	assert_int_equal(block_disk_start(&d, &fake.block), OK);
}

static void set_up_with(struct block_limits limits)
{
	void *state = NULL;

	world_setup(&state);
	memset(bytes, 0, sizeof(bytes));
	disk_fake_init(&fake, bytes, SECTORS, SECTOR);
	fake.block.limits = limits;
	task_add(&task, "disk", poll_block, NULL);
	fake.block.waker = task_waker(&task);
	fake_log_complaints = 0;
	within(start);
	fake.requests = 0;
}

static void tear_down(struct disk_subject *s)
{
	(void)s;
	task_remove(&task);
}

static void set_up_plain(struct disk_subject *s)
{
	set_up_with((struct block_limits){0});
	s->disk = &d.disk;
}

static void set_up_small(struct disk_subject *s)
{
	set_up_with((struct block_limits){.count_max = 3,
					  .pieces_max = 2,
					  .zero_max = 7,
					  .discard_max = 5,
					  .any_memory = true});
	s->disk = &d.disk;
}

static void fail_next(struct disk_subject *s)
{
	(void)s;
	fake.fail_next = 1;
}

static struct disk_memory raw;

static void set_up_memory(struct disk_subject *s)
{
	disk_memory_init(&raw, 600, 4096);
	s->disk = &raw.disk;
}

static void tear_down_memory(struct disk_subject *s)
{
	(void)s;
	disk_memory_fini(&raw);
}

static void fail_memory(struct disk_subject *s)
{
	(void)s;
	disk_memory_fail(&raw, DISK_MEMORY_WRITE, 1, ERR_IO);
	disk_memory_fail(&raw, DISK_MEMORY_READ, 1, ERR_IO);
}

static void set_up_partition(struct disk_subject *s)
{
	static struct partition p;
	const struct partition_entry e = {.first = 50, .sectors = 300};

	set_up_memory(s);
	assert_int_equal(partition_init(&p, &raw.disk, &e, "part"), OK);
	s->disk = &p.disk;
}

static int run_conformance(void)
{
	struct disk_subject subjects[] = {
		{"block_disk", NULL, set_up_plain, tear_down, within, fail_next},
		{"block_disk, small requests", NULL, set_up_small, tear_down, within, fail_next},
		{"memory", NULL, set_up_memory, tear_down_memory, NULL, fail_memory},
		{"partition", NULL, set_up_partition, tear_down_memory, NULL, fail_memory},
	};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++)
		failed += disk_conformance(&subjects[i]);
	return failed;
}

/* --- what is special ------------------------------------------------------------------------- */

static int set_up(void **state)
{
	(void)state;
	set_up_with((struct block_limits){.count_max = 100});
	return 0;
}

static int take_down(void **state)
{
	(void)state;
	task_remove(&task);
	return 0;
}

static enum err result;

static void read_much(void)
{
	result = disk_read(&d.disk, 0, 250, memory);
}

static void what_is_too_much_is_split(void **state)
{
	(void)state;
	within(read_much);
	assert_int_equal(result, OK);
	assert_int_equal(fake.requests, 3);
	assert_int_equal(d.stats.copied, 0);
}

static void zero_much(void)
{
	result = disk_zero(&d.disk, 1, 800);
}

static void zeroes_take_few_requests(void **state)
{
	(void)state;
	memset(bytes, 1, sizeof(bytes));
	within(zero_much);
	assert_int_equal(result, OK);
	assert_int_equal(fake.requests, 8);
	assert_int_equal(bytes[SECTOR - 1], 1);
	assert_int_equal(bytes[SECTOR], 0);
	assert_int_equal(bytes[801 * SECTOR - 1], 0);
	assert_int_equal(bytes[801 * SECTOR], 1);
}

static void one_that_never_ends_is_stopped(void **state)
{
	(void)state;
	fake.silent = true;
	within(read_much);
	assert_int_equal(result, ERR_TIMEOUT);
	assert_in_range(machine.now_us, BLOCK_DISK_WAIT_US, BLOCK_DISK_WAIT_US + 1000);
	assert_int_equal(fake_log_complaints, 1);
	within(read_much);
	assert_int_equal(result, ERR_NODEV);
	fake.silent = false;

	within(start);
	within(read_much);
	assert_int_equal(result, OK);
}

static void round_without_sleep(void)
{
	static const bool yes = true;

	machine.done = &yes;
	loop_round();
	machine.done = NULL;
}

static void read_for_ever(void *arg)
{
	(void)arg;
	result = disk_read(&d.disk, 0, 1, memory);
}

/* Its memory is the device's: who is told to give up waits until the request has ended. */
static void to_be_cancelled_does_not_take_memory_away(void **state)
{
	(void)state;
	fake.silent = true;
	assert_int_equal(fiber_spawn(&other_fiber, "other", 32 << 10, read_for_ever, NULL), OK);
	round_without_sleep();
	fiber_cancel(&other_fiber);
	round_without_sleep();
	assert_false(other_fiber.ended);
	fake.silent = false;
	waker_wake(&fake.block.waker);
	machine_run_until(&other_fiber.ended, 1000);
	assert_int_equal(result, OK);
}

static void read_odd(void *arg)
{
	uint8_t *to = arg;

	assert_int_equal(disk_read(&d.disk, to[0], 40, to + 1), OK);
}

/* Two fibers whose memory is not aligned share the buffer. */
static void the_buffer_serves_one_at_a_time(void **state)
{
	uint8_t *one = memory, *two = memory + 100 * SECTOR;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i / SECTOR);
	one[0] = 5;
	two[0] = 60;
	assert_int_equal(fiber_spawn(&main_fiber, "one", 32 << 10, read_odd, one), OK);
	assert_int_equal(fiber_spawn(&other_fiber, "two", 32 << 10, read_odd, two), OK);
	machine_run_until(&main_fiber.ended, 1000);
	machine_run_until(&other_fiber.ended, 1000);
	assert_memory_equal(one + 1, &bytes[5 * SECTOR], 40 * SECTOR);
	assert_memory_equal(two + 1, &bytes[60 * SECTOR], 40 * SECTOR);
	assert_int_equal(d.stats.copied, 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_too_much_is_split, set_up, take_down),
		cmocka_unit_test_setup_teardown(zeroes_take_few_requests, set_up, take_down),
		cmocka_unit_test_setup_teardown(one_that_never_ends_is_stopped, set_up, take_down),
		cmocka_unit_test_setup_teardown(to_be_cancelled_does_not_take_memory_away, set_up,
						take_down),
		cmocka_unit_test_setup_teardown(the_buffer_serves_one_at_a_time, set_up, take_down),
	};
	int failed = run_conformance();

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
