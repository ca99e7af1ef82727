/* SPDX-License-Identifier: ISC */
/*
 * The real loop, compiled against a processor of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/loop/processor.h"

#include "runtime/loop/loop.c"
#include "tests/fakes/runtime.h"

void boot_mark(const char *what)
{
	(void)what;
}

static char trace[64];

static void note(const char *what)
{
	strncat(trace, what, sizeof(trace) - strlen(trace) - 1);
}

struct probe {
	struct task task;
	const char *letter;
	uint64_t deadline_us; /* what the next poll returns */
	struct task *wakes;
	uint64_t takes_us;
	uint64_t polled_us;
};

static uint64_t poll_probe(void *self, uint64_t now_us)
{
	struct probe *p = self;
	note(p->letter);
	p->polled_us = now_us;
	pm.now_us += p->takes_us;
	if (p->wakes != NULL)
		task_wake(p->wakes);
	uint64_t deadline_us = p->deadline_us;
	p->deadline_us = TIME_NEVER;
	return deadline_us;
}

static void add_probe(struct probe *p, const char *letter)
{
	*p = (struct probe){.letter = letter, .deadline_us = TIME_NEVER};
	task_add(&p->task, letter, poll_probe, p);
}

static void nothing(void)
{
}

static void start_over(unsigned fire_at, void (*handler)(void))
{
	memset(loop.tasks, 0, sizeof(loop.tasks));
	loop.woken = 0;
	pm_init(fire_at, handler);
	loop_start(&pm.timer);
	loop.now_us = pm.now_us;
	loop.idle_us = 0;
	trace[0] = '\0';
}

/* A round at whose end there is more to do, so that the loop does not sleep. */
static void busy_round(void)
{
	struct probe busy;
	add_probe(&busy, ".");
	busy.wakes = &busy.task;
	loop_round();
	task_remove(&busy.task);
}

static void tasks_run_once_a_round_in_order(void **state)
{
	struct probe a, b;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	add_probe(&b, "b");
	a.wakes = &a.task; /* a greedy one */
	busy_round();
	assert_string_equal(trace, "ab.");
	busy_round();
	assert_string_equal(trace, "ab.a."); /* b was not woken; a's own wake-up counted once */
	task_wake(&b.task);
	task_wake(&b.task);
	busy_round();
	assert_string_equal(trace, "ab.a.ab.");
	task_remove(&a.task);
	task_remove(&b.task);
}

static void work_passes_through_the_tasks_in_one_round(void **state)
{
	struct probe a, b, c;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	add_probe(&b, "b");
	add_probe(&c, "c");
	busy_round();
	a.wakes = &c.task;
	c.wakes = &b.task;
	b.wakes = &a.task; /* in a circle: that can wait */
	task_wake(&a.task);
	loop_round();
	assert_string_equal(trace, "abc.acb");
	loop_round();
	assert_string_equal(trace, "abc.acbacb");
	task_remove(&a.task);
	task_remove(&b.task);
	task_remove(&c.task);
}

static void timeouts_come_though_tasks_are_busy(void **state)
{
	struct probe a, b;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	add_probe(&b, "b");
	a.wakes = &b.task;
	b.wakes = &a.task;
	b.takes_us = 10;
	a.deadline_us = pm.now_us + 15;
	loop_round();
	assert_true(timeout_pending(&a.task.timeout));
	loop_round();
	loop_round();
	assert_false(timeout_pending(&a.task.timeout));
	task_remove(&a.task);
	task_remove(&b.task);
}

static void a_deadline_is_kept_and_sleep_is_counted(void **state)
{
	struct probe a;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	a.deadline_us = 1500;
	a.takes_us = 7;
	loop_round(); /* polls, then sleeps until the deadline */
	assert_int_equal(pm.armed_us, 1500);
	assert_int_equal(loop_idle_us(), 500 - 7);
	task_wake(&a.task); /* so that the next round need not sleep for ever */
	a.wakes = &a.task;
	loop_round();
	assert_string_equal(trace, "aa"); /* the deadline and the wake-up are one call */
	assert_int_equal(a.polled_us, 1500);
	task_remove(&a.task);
}

static void an_alarm_that_comes_too_early_stays(void **state)
{
	struct probe a;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	for (unsigned i = 0; i < 2; i++) {
		a.deadline_us = 5000 + i * 1000;
		task_wake(&a.task);
		pm.pending = true; /* something else ends the wait at once */
		pm.masked = true;
		loop_round();
		assert_int_equal(pm.armed_us, 5000);
	}
	loop_round(); /* until the alarm comes, for nothing … */
	assert_int_equal(pm.now_us, 5000);
	loop_round(); /* … and then it is set anew */
	assert_int_equal(pm.now_us, 6000);
	/* One that came before its time, as hardware may, is set again. */
	a.deadline_us = 7000;
	pm.pending = true;
	pm.masked = true;
	loop_round();
	assert_int_equal(pm.armed_us, 7000);
	assert_int_equal(pm.now_us, 6000);
	pm.armed_us = TIME_NEVER;
	pm.timer.alarm.wake(pm.timer.alarm.arg);
	loop_round();
	assert_int_equal(pm.now_us, 7000);
	assert_string_equal(trace, "aaa");
	task_remove(&a.task);
}

/* What is polled all the time moves its deadline each time; its timeout comes, and moves once. */
static void a_deadline_that_moves_away_is_kept(void **state)
{
	struct probe a;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	for (unsigned i = 0; i < 10; i++) {
		a.deadline_us = 5000 + i * 100;
		task_wake(&a.task);
		busy_round();
	}
	assert_string_equal(trace, "a.a.a.a.a.a.a.a.a.a.");
	trace[0] = '\0';
	loop_round(); /* until the first of them, for nothing … */
	assert_int_equal(pm.now_us, 5000);
	loop_round(); /* … and then until the last */
	assert_int_equal(pm.now_us, 5900);
	a.deadline_us = 7000;
	loop_round();
	assert_int_equal(a.polled_us, 5900);
	assert_string_equal(trace, "a");
	/* None any more: what is left of the last one does not have it polled. */
	task_wake(&a.task);
	busy_round();
	timeouts_run(7000);
	busy_round();
	assert_string_equal(trace, "aa..");
	/* An earlier one than the timeout's counts at once. */
	a.deadline_us = 9000;
	task_wake(&a.task);
	busy_round();
	a.deadline_us = 8000;
	task_wake(&a.task);
	loop_round();
	assert_int_equal(pm.now_us, 8000);
	task_remove(&a.task);
}

static uint64_t remove_itself(void *self, uint64_t now_us)
{
	struct probe *p = self;
	note("r");
	task_remove(&p->task);
	free(p); /* the sanitizer watches who touches it now */
	return now_us;
}

static void a_task_may_remove_itself(void **state)
{
	struct probe *p = calloc(1, sizeof(*p)), other;
	(void)state;
	start_over(UINT32_MAX, nothing);
	task_add(&p->task, "p", remove_itself, p);
	add_probe(&other, "o");
	other.wakes = &other.task;
	busy_round();
	busy_round();
	assert_string_equal(trace, "ro..o"); /* the freed place comes first */
	task_remove(&other.task);
}

static uint64_t remove_other(void *self, uint64_t now_us)
{
	struct task *other = self;
	(void)now_us;
	note("x");
	task_remove(other);
	memset(other, 0xa5, sizeof(*other)); /* somebody else's memory from now on */
	return TIME_NEVER;
}

static void a_task_may_remove_the_one_behind_it(void **state)
{
	struct task remover;
	struct probe a, b;
	(void)state;
	start_over(UINT32_MAX, nothing);
	task_add(&remover, "x", remove_other, &a.task);
	add_probe(&a, "a");
	add_probe(&b, "b");
	busy_round();
	busy_round();
	assert_string_equal(trace, "xb..");
	task_remove(&remover);
	task_remove(&b.task);
}

/* Masked sections are dear under an emulator: none but that of the sleep, and handlers need none.
 */
static void a_busy_round_masks_nothing(void **state)
{
	struct probe a;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	a.wakes = &a.task;
	for (unsigned i = 0; i < 3; i++)
		loop_round();
	assert_string_equal(trace, "aaa");
	assert_int_equal(pm.masks, 0);
	a.wakes = NULL;
	a.deadline_us = 5000;
	loop_round();
	assert_int_equal(pm.now_us, 5000);
	assert_int_equal(pm.masks, 1);
	task_remove(&a.task);
}

static void a_removed_task_is_not_run_though_it_was_ready(void **state)
{
	struct probe a, b;
	(void)state;
	start_over(UINT32_MAX, nothing);
	add_probe(&a, "a");
	add_probe(&b, "b");
	task_remove(&b.task);
	a.wakes = &a.task;
	busy_round();
	assert_string_equal(trace, "a.");
	task_remove(&a.task);
}

/* What an interrupt announces, and only the task that it wakes takes care of. */
static struct task worker;
static bool work;
static unsigned work_done;

static void announce_work(void)
{
	work = true;
	task_wake(&worker);
}

static uint64_t do_work(void *self, uint64_t now_us)
{
	(void)self;
	pm_step();
	work_done += work;
	work = false;
	pm_step();
	return now_us + 1000000; /* an alarm too far to be taken for the wake-up */
}

static void no_work_is_left_behind(void)
{
	if (work)
		fail_msg("asleep with work to do: the wake-up at point %u is lost", pm.fire_at);
}

static void no_wakeup_is_lost_at_any_point(void **state)
{
	(void)state;
	unsigned at = 0;
	do {
		start_over(at, announce_work);
		pm.before_sleep = no_work_is_left_behind;
		work = false;
		work_done = 0;
		task_add(&worker, "worker", do_work, NULL);
		pm.fire_at += pm.steps;
		for (unsigned rounds = 0; rounds < 4; rounds++)
			loop_round();
		assert_true(pm.steps > 30);
		assert_int_equal(work_done, pm.steps > pm.fire_at);
		task_remove(&worker);
		at++;
	} while (pm.steps > pm.fire_at + 10); /* at each point of the first rounds */
	assert_true(at > 20);
}

static void an_endless_interrupt_is_told_once(void **state)
{
	unsigned lines = fake_log_lines;
	struct probe p;

	(void)state;
	start_over(UINT32_MAX, nothing);
	irq_storm = (struct irq_storm){.left = 7, .off = 13 + 1};
	busy_round();
	assert_int_equal(irq_storm.left, IRQ_STORM_MAX);
	assert_int_equal(fake_log_lines, lines);
	add_probe(&p, "p");
	for (unsigned round = 0; round < 2; round++) {
		p.deadline_us = pm.now_us + 10;
		loop_round();
	}
	task_remove(&p.task);
	assert_int_equal(fake_log_lines, lines + 1);
	assert_non_null(strstr(fake_log_last, "interrupt 13:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tasks_run_once_a_round_in_order),
		cmocka_unit_test(work_passes_through_the_tasks_in_one_round),
		cmocka_unit_test(timeouts_come_though_tasks_are_busy),
		cmocka_unit_test(a_deadline_is_kept_and_sleep_is_counted),
		cmocka_unit_test(an_alarm_that_comes_too_early_stays),
		cmocka_unit_test(a_deadline_that_moves_away_is_kept),
		cmocka_unit_test(a_task_may_remove_itself),
		cmocka_unit_test(a_task_may_remove_the_one_behind_it),
		cmocka_unit_test(a_removed_task_is_not_run_though_it_was_ready),
		cmocka_unit_test(a_busy_round_masks_nothing),
		cmocka_unit_test(an_endless_interrupt_is_told_once),
		cmocka_unit_test(no_wakeup_is_lost_at_any_point),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
