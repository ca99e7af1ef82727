/* SPDX-License-Identifier: ISC */
/* A loop that comes round is never restarted; one whose task hangs is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "runtime/loop/loop.h"
#include "runtime/watchdog_feeder/watchdog_feeder.h"
#include "tests/fakes/machine.h"
#include "tests/fakes/runtime.h"

enum { BEGIN_US = 7000000, MAX_MS = 16000 };

/* A watchdog in the machine's time. */
static struct dog {
	struct watchdog watchdog;
	bool runs, was_reason;
	uint64_t fed_us, timeout_us;
	unsigned bites, feeds;
} dog;

/* Whether it would have bitten by now. */
static void look(void)
{
	if (dog.runs && machine.now_us - dog.fed_us > dog.timeout_us)
		dog.bites++;
}

static void feed(struct watchdog *w)
{
	assert_ptr_equal(w, &dog.watchdog);
	assert_true(dog.runs);
	look();
	dog.fed_us = machine.now_us;
	dog.feeds++;
}

static void start(struct watchdog *w, uint32_t timeout_ms)
{
	(void)w;
	dog.runs = true;
	dog.timeout_us = (uint64_t)timeout_ms * US_PER_MS;
	dog.fed_us = machine.now_us;
}

static void stop(struct watchdog *w)
{
	(void)w;
	look();
	dog.runs = false;
}

static bool has_reset(struct watchdog *w)
{
	(void)w;
	return dog.was_reason;
}

static struct watchdog_feeder feeder;
static struct task feeding, working;
static uint64_t work_us;
static unsigned work_left;
static bool done;

static uint64_t poll_feeder(void *self, uint64_t now_us)
{
	return watchdog_feeder_poll(self, now_us);
}

/* Computes for work_us each second of time. */
static uint64_t work(void *self, uint64_t now_us)
{
	(void)self;
	machine.now_us += work_us;
	done = --work_left == 0;
	return now_us + US_PER_S;
}

static int set_up(void **state)
{
	static const struct watchdog_ops ops = {start, feed, stop, has_reset};

	(void)state;
	dog = (struct dog){.watchdog = {&ops, "dog", MAX_MS}};
	machine_init(BEGIN_US);
	done = false;
	work_us = 0;
	fake_log_lines = 0;
	return 0;
}

static void run_for(unsigned seconds)
{
	work_left = seconds;
	task_add(&feeding, "feeder", poll_feeder, &feeder);
	task_add(&working, "work", work, NULL);
	machine_run_until(&done, 100 * seconds);
	task_remove(&working);
	task_remove(&feeding);
	look();
}

static void a_loop_that_comes_round_is_never_restarted(void **state)
{
	(void)state;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, US_PER_S), OK);
	work_us = 700000;
	run_for(60);
	assert_int_equal(dog.bites, 0);
	/* Woken no more often than it must be: four times a second at most. */
	assert_in_range(dog.feeds, 60, 4 * 60 + 1);
	watchdog_feeder_stop(&feeder);
	assert_false(dog.runs);
	assert_int_equal(watchdog_feeder_poll(&feeder, machine.now_us), TIME_NEVER);
}

static void a_task_that_hangs_is_the_end(void **state)
{
	(void)state;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, US_PER_S), OK);
	work_us = US_PER_S + 1;
	run_for(1);
	assert_int_equal(dog.bites, 1);
}

static void none_at_all_if_the_time_is_0(void **state)
{
	(void)state;
	dog.was_reason = true;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, 0), OK);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(watchdog_feeder_poll(&feeder, BEGIN_US), TIME_NEVER);
	watchdog_feeder_stop(&feeder);
	assert_false(dog.runs);
	assert_int_equal(dog.feeds, 0);
}

static void a_time_that_it_cannot_count(void **state)
{
	(void)state;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, 16001 * US_PER_MS),
			 ERR_RANGE);
	assert_string_equal(fake_log_last, "the watchdog can wait 1 to 16000 ms");
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, 999), ERR_RANGE);
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, UINT64_MAX), ERR_RANGE);
	assert_false(dog.runs);
	assert_int_equal(watchdog_feeder_poll(&feeder, BEGIN_US), TIME_NEVER);
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, 16000 * US_PER_MS), OK);
	assert_true(dog.runs);
}

static void tells_that_the_watchdog_was_the_reason(void **state)
{
	(void)state;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, US_PER_S), OK);
	assert_int_equal(fake_log_lines, 1);
	dog.was_reason = true;
	assert_int_equal(watchdog_feeder_start(&feeder, &dog.watchdog, US_PER_S), OK);
	assert_int_equal(fake_log_lines, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_loop_that_comes_round_is_never_restarted, set_up),
		cmocka_unit_test_setup(a_task_that_hangs_is_the_end, set_up),
		cmocka_unit_test_setup(none_at_all_if_the_time_is_0, set_up),
		cmocka_unit_test_setup(a_time_that_it_cannot_count, set_up),
		cmocka_unit_test_setup(tells_that_the_watchdog_was_the_reason, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
