/* SPDX-License-Identifier: ISC */
/*
 * The real loop and the real fibers, with an interrupt that wakes a fiber at each point at which
 * one could come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/loop/processor.h"

/* Behind the processor, so that they use it. */
#include "runtime/fiber/fiber.c"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.c"

const char *panic_fiber;

void *memory_take_last(const char *what, size_t align, size_t bytes)
{
	(void)what;
	(void)align;
	(void)bytes;
	return NULL;
}

struct heap *runtime_heap(void)
{
	return NULL; /* the stacks are the test's own */
}

void boot_mark(const char *what)
{
	(void)what;
}

void panic(const char *format, ...)
{
	(void)format;
	abort();
}

void stop(int status)
{
	exit(status);
}

void stop_with_error(const char *format, ...)
{
	(void)format;
	abort();
}

enum { STACK_BYTES = 128 << 10, ROUNDS = 4 };

static ALIGNED(16) uint8_t stacks[2][STACK_BYTES];
static struct fiber worker, busy;
static bool work, done;
static unsigned work_done;

/* What an interrupt announces, and only the fiber that it wakes takes care of. */
static void announce_work(void)
{
	work = true;
	fiber_wake(&worker);
}

static void do_work(void *arg)
{
	(void)arg;
	while (!done) {
		pm_step();
		work_done += work;
		work = false;
		pm_step();
		fiber_park();
	}
}

/* Another fiber, so that the worker is woken while fibers run too. */
static void keep_busy(void *arg)
{
	(void)arg;
	pm_step();
	fiber_yield();
	pm_step();
	fiber_yield();
}

static void no_work_is_left_behind(void)
{
	if (work)
		fail_msg("asleep with work to do: the wake-up at point %u is lost", pm.fire_at);
}

/* An alarm, too far to be taken for the wake-up, keeps the test from sleeping for ever. */
static void ring(struct timeout *t, uint64_t now_us)
{
	timeout_set(t, now_us + 1000000);
}

/* False if the point lies beyond the rounds that are tried. */
static bool survives_interrupt_at(unsigned point)
{
	struct timeout alarm;

	pm_init(UINT32_MAX, announce_work);
	loop_start(&pm.timer);
	loop.now_us = pm.now_us;
	timeout_init(&alarm, ring);
	timeout_set(&alarm, pm.now_us + 1000000);
	work = false;
	done = false;
	work_done = 0;
	fiber_spawn_on(&worker, "worker", stacks[0], STACK_BYTES, do_work, NULL);
	fiber_spawn_on(&busy, "busy", stacks[1], STACK_BYTES, keep_busy, NULL);
	pm.before_sleep = no_work_is_left_behind;
	pm.fire_at = pm.steps + point;
	for (unsigned rounds = 0; rounds < ROUNDS; rounds++)
		loop_round();
	bool fired = pm.fire_at < pm.steps;
	if (!fired)
		pm.fire_at = UINT32_MAX; /* not while all is brought to its end */
	loop_round();                    /* notices a loss in the round before it */
	if (fired)
		assert_int_equal(work_done, 1);
	done = true;
	fiber_wake(&worker);
	loop_round();
	assert_true(worker.ended && busy.ended);
	timeout_cancel(&alarm);
	return fired;
}

static void no_wakeup_is_lost_at_any_point(void **state)
{
	unsigned at = 0;
	(void)state;
	while (survives_interrupt_at(at))
		at++;
	assert_true(at > 40); /* several rounds, with sleeps between */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wakeup_is_lost_at_any_point),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
