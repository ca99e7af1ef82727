/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/panic.h"
#include "tests/fakes/machine.h"
#include "tests/unit/fiber/world.h"

static struct fiber a, b, c;

static void step_thrice(void *letter)
{
	for (unsigned i = 0; i < 3; i++) {
		note(letter);
		fiber_yield();
	}
}

static void fibers_take_turns(void **state)
{
	(void)state;
	spawn(&a, step_thrice, "a");
	spawn(&b, step_thrice, "b");
	run_until_ended(&b);
	assert_string_equal(trace, "ababab");
	assert_null(fiber_current());
	assert_int_equal(heap_used_bytes(runtime_heap()), 0); /* stacks were given back */
}

static void sleep_in_order(void *us)
{
	uint64_t before_us = time_now_us(), want_us = (uintptr_t)us;
	fiber_sleep(want_us);
	assert_int_equal(time_now_us() - before_us, want_us);
	note(want_us == 300 ? "c" : want_us == 200 ? "b" : "a");
}

static void sleepers_wake_in_order_of_time(void **state)
{
	(void)state;
	spawn(&c, sleep_in_order, (void *)300);
	spawn(&a, sleep_in_order, (void *)100);
	spawn(&b, sleep_in_order, (void *)200);
	run_until_ended(&c);
	assert_string_equal(trace, "abc");
	assert_int_equal(machine.sleeps, 3);
}

static void sleep_soundly(void *arg)
{
	(void)arg;
	fiber_sleep(1000);
	assert_int_equal(time_now_us(), 1000);
}

static void wake_sleeper(void *arg)
{
	(void)arg;
	fiber_wake(&a);
	fiber_yield();
	fiber_wake(&a);
}

static void a_wakeup_does_not_shorten_a_sleep(void **state)
{
	(void)state;
	spawn(&a, sleep_soundly, NULL);
	spawn(&b, wake_sleeper, NULL);
	run_until_ended(&a);
}

static void park_twice(void *arg)
{
	(void)arg;
	fiber_yield(); /* while b wakes us, twice */
	fiber_park();
	note("1");
	fiber_park();
	note("2");
}

static void wake_twice_then_once(void *arg)
{
	(void)arg;
	fiber_wake(&a);
	fiber_wake(&a);
	fiber_sleep(10);
	note("-");
	fiber_wake(&a);
}

static void an_early_wakeup_is_kept_once(void **state)
{
	(void)state;
	spawn(&a, park_twice, NULL);
	spawn(&b, wake_twice_then_once, NULL);
	run_until_ended(&a);
	assert_string_equal(trace, "1-2");
}

static void park_with_deadline(void *arg)
{
	(void)arg;
	assert_int_equal(fiber_park_until(50), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 50);
	assert_int_equal(fiber_park_until(50), ERR_TIMEOUT); /* has passed: no wait */
	assert_int_equal(fiber_park_until(500), OK);
	assert_int_equal(time_now_us(), 60);
}

static void wake_at_60(void *arg)
{
	(void)arg;
	fiber_sleep_until(60);
	fiber_wake(&a);
}

static void a_park_ends_at_its_deadline_or_before(void **state)
{
	(void)state;
	spawn(&a, park_with_deadline, NULL);
	spawn(&b, wake_at_60, NULL);
	run_until_ended(&a);
	assert_int_equal(timeouts_next(), TIME_NEVER);
}

static bool irq_happened;

static void wake_parked(void)
{
	irq_happened = true;
	fiber_wake(&a);
}

static void wait_for_irq(void *arg)
{
	(void)arg;
	while (!irq_happened)
		fiber_park();
}

static void an_interrupt_wakes_a_fiber(void **state)
{
	(void)state;
	irq_happened = false;
	machine.interrupt = wake_parked;
	spawn(&a, wait_for_irq, NULL);
	run_until_ended(&a);
	assert_int_equal(machine.sleeps, 1);
}

static void join_a(void *arg)
{
	(void)arg;
	fiber_join(&a);
	note("joined");
	fiber_join(&a); /* it has ended: at once */
}

static void a_join_waits_for_the_end(void **state)
{
	(void)state;
	spawn(&b, join_a, NULL);
	spawn(&a, step_thrice, "a");
	run_until_ended(&b);
	assert_string_equal(trace, "aaajoined");
}

FIBER_POOL(pool, 2, 12 << 10);

static void pool_work(void *letter)
{
	note(letter);
	fiber_yield();
}

static void a_pool_is_bounded_and_takes_back(void **state)
{
	(void)state;
	struct fiber *first = fiber_pool_spawn(&pool, "p", pool_work, "1");
	assert_non_null(first);
	assert_non_null(fiber_pool_spawn(&pool, "p", pool_work, "2"));
	assert_null(fiber_pool_spawn(&pool, "p", pool_work, "3"));
	assert_int_equal(pool.exhausted, 1);
	assert_true(first->stack_bytes >= 12 << 10);
	spawn(&a, step_thrice, "a");
	run_until_ended(&a);
	assert_string_equal(trace, "12aaa");
	assert_int_equal(pool.used, 0);
	assert_int_equal(pool.used_max, 2);
	assert_non_null(fiber_pool_spawn(&pool, "p", pool_work, "4"));
	spawn(&a, step_thrice, "a");
	run_until_ended(&a);
	assert_string_equal(trace, "12aaa4aaa");
}

static void use_stack(void *arg)
{
	volatile uint8_t bulk[6000];
	(void)arg;
	for (size_t i = 0; i < sizeof(bulk); i++)
		bulk[i] = 1;
	fiber_yield();
	assert_int_equal(bulk[0], 1);
}

static void the_use_of_a_stack_is_measured(void **state)
{
	(void)state;
	spawn(&a, use_stack, NULL);
	assert_true(fiber_stack_used(&a) < 1024);
	spawn(&b, step_thrice, "b");
	loop_round();
	size_t used = fiber_stack_used(&a);
	assert_in_range(used, 6000, a.stack_bytes - 1);
	run_until_ended(&b);
	assert_int_equal(fiber_stack_used(&a), 0);
}

static void look_who_runs(void *arg)
{
	(void)arg;
	note(panic_fiber);
	fiber_yield();
	note(panic_fiber);
}

static void a_crash_report_can_name_the_fiber(void **state)
{
	(void)state;
	assert_int_equal(fiber_spawn(&a, "a", STACK_BYTES, look_who_runs, NULL), OK);
	assert_int_equal(fiber_spawn(&b, "b", STACK_BYTES, look_who_runs, NULL), OK);
	run_until_ended(&b);
	assert_string_equal(trace, "abab");
	assert_null(panic_fiber);
}

static uint64_t wake_fiber(void *self, uint64_t now_us)
{
	(void)now_us;
	fiber_wake(self);
	return TIME_NEVER;
}

static void nothing(void)
{
}

static void wait_for_task(void *arg)
{
	(void)arg;
	fiber_park();
	note("woken");
}

/* A task that wakes a fiber does not let it wait for the loop's next round. */
static void a_fiber_runs_in_the_round_that_wakes_it(void **state)
{
	static struct task task;
	(void)state;
	machine.interrupt = nothing; /* so that it may sleep */
	spawn(&a, wait_for_task, NULL);
	loop_round();
	task_add(&task, "task", wake_fiber, &a);
	loop_round();
	task_remove(&task);
	assert_string_equal(trace, "woken");
}

static ALIGNED(16) uint8_t small_stack[16 << 10];

static void ruin_stack_end(void *arg)
{
	(void)arg;
	small_stack[3] ^= 1; /* what a frame too deep would write over */
	fiber_yield();
}

static void an_overflow_without_guard_page_is_noticed(void **state)
{
	(void)state;
	fiber_spawn_on(&a, "deep", small_stack, sizeof(small_stack), ruin_stack_end, NULL);
	expect_assert_failure(loop_round());
}

static void too_much_stack_is_refused(void **state)
{
	(void)state;
	assert_int_equal(fiber_spawn(&a, "big", 64 << 20, step_thrice, "x"), ERR_NOMEM);
	spawn(&b, step_thrice, "b");
	run_until_ended(&b);
	assert_string_equal(trace, "bbb");
	expect_assert_failure(fiber_park()); /* not a fiber */
}

static jmp_buf outside;

static void leave_loop(void)
{
	longjmp(outside, 1);
}

static int answer(void)
{
	note(fiber_current()->name);
	fiber_yield();
	return 256 + 42;
}

static void the_main_fiber_ends_the_image(void **state)
{
	(void)state;
	machine.interrupt = leave_loop; /* once nothing is left to do */
	if (setjmp(outside) == 0)
		fibers_main(answer, STACK_BYTES);
	assert_string_equal(trace, "main");
	assert_int_equal(stopped_with, 42);
}

static void a_main_fiber_without_memory_is_an_error(void **state)
{
	(void)state;
	expect_assert_failure(fibers_main(answer, 64 << 20));
}

static unsigned looks;

static ssize_t nothing_yet(void)
{
	looks++;
	return machine.now_us >= 300 ? 7 : ERR_AGAIN;
}

static void await_in_vain_and_then_not(void *arg)
{
	(void)arg;
	assert_int_equal(FIBER_AWAIT(nothing_yet(), 100), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 100);
	assert_int_equal(FIBER_AWAIT(nothing_yet(), TIME_NEVER), 7);
	assert_int_equal(time_now_us(), 300);
	assert_int_equal(looks, 4);
}

static void wake_a(void *arg)
{
	(void)arg;
	fiber_sleep(200);
	fiber_wake(&a);
	fiber_sleep(100);
	fiber_wake(&a);
}

static void an_answer_is_awaited(void **state)
{
	(void)state;
	looks = 0;
	spawn(&a, await_in_vain_and_then_not, NULL);
	spawn(&b, wake_a, NULL);
	run_until_ended(&a);
	run_until_ended(&b);
}

static void wait_until_cancelled(void *arg)
{
	(void)arg;
	assert_int_equal(fiber_sleep(50), OK);
	assert_int_equal(fiber_sleep_until(TIME_NEVER), ERR_CANCELLED);
	assert_int_equal(time_now_us(), 100);
	assert_int_equal(fiber_park_until(1000), ERR_CANCELLED);
	assert_int_equal(FIBER_AWAIT(ERR_AGAIN, 1000), ERR_CANCELLED);
	assert_int_equal(time_now_us(), 100); /* nothing waits any more */
	note("gave up");
}

static void cancel_a(void *arg)
{
	(void)arg;
	fiber_sleep(100);
	fiber_cancel(&a);
	fiber_join(&a);
	note(" and ended");
}

static void a_cancelled_fiber_waits_no_more(void **state)
{
	(void)state;
	spawn(&a, wait_until_cancelled, NULL);
	spawn(&b, cancel_a, NULL);
	run_until_ended(&b);
	assert_string_equal(trace, "gave up and ended");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fibers_take_turns, world_setup),
		cmocka_unit_test_setup(sleepers_wake_in_order_of_time, world_setup),
		cmocka_unit_test_setup(a_wakeup_does_not_shorten_a_sleep, world_setup),
		cmocka_unit_test_setup(an_early_wakeup_is_kept_once, world_setup),
		cmocka_unit_test_setup(a_park_ends_at_its_deadline_or_before, world_setup),
		cmocka_unit_test_setup(an_interrupt_wakes_a_fiber, world_setup),
		cmocka_unit_test_setup(a_join_waits_for_the_end, world_setup),
		cmocka_unit_test_setup(an_answer_is_awaited, world_setup),
		cmocka_unit_test_setup(a_cancelled_fiber_waits_no_more, world_setup),
		cmocka_unit_test_setup(a_pool_is_bounded_and_takes_back, world_setup),
		cmocka_unit_test_setup(the_use_of_a_stack_is_measured, world_setup),
		cmocka_unit_test_setup(too_much_stack_is_refused, world_setup),
		cmocka_unit_test_setup(a_crash_report_can_name_the_fiber, world_setup),
		cmocka_unit_test_setup(a_fiber_runs_in_the_round_that_wakes_it, world_setup),
		cmocka_unit_test_setup(a_main_fiber_without_memory_is_an_error, world_setup),
		cmocka_unit_test_setup(the_main_fiber_ends_the_image, world_setup),
	};
	const struct CMUnitTest last[] = {
		cmocka_unit_test_setup(an_overflow_without_guard_page_is_noticed, world_setup),
	};
	int failed = cmocka_run_group_tests_name("fiber", tests, NULL, NULL) + run_sync_tests();
	/* It leaves a fiber behind: nothing may follow. */
	return failed + cmocka_run_group_tests_name("overflow", last, NULL, NULL);
}
