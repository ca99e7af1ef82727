/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "loop"

#include "runtime/loop/loop.h"

#include "arch/barrier.h"
#include "arch/irqflags.h"
#include "base/assert.h"
#include "base/log.h"
#include "hal/irq.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/start.h"

/*
 * Each task has a place, and a bit in `woken` that says that it is to run. Interrupt handlers do no
 * more than set such bits, and only the loop clears them, each before it calls the task: what a
 * handler has work for afterwards is seen by a later look. Both are atomic, so that interrupts are
 * masked for the last look before the wait only: masking is dear, under an emulator above all.
 */
static struct {
	struct timer *timer;
	uint64_t armed_us; /* when its alarm comes, if that is not over; the handler clears it */
	uint64_t now_us;
	uint64_t idle_us;
	uint32_t woken;
	struct task *tasks[TASKS_MAX]; /* NULL: nobody has the place */
} loop;

_Static_assert(TASKS_MAX <= 32, "a bit for each");

static uint32_t woken_tasks(void)
{
	return __atomic_load_n(&loop.woken, __ATOMIC_RELAXED);
}

uint64_t loop_now_us(void)
{
	return loop.now_us;
}

uint64_t loop_idle_us(void)
{
	return loop.idle_us;
}

static void task_wake_arg(void *task)
{
	task_wake(task);
}

void task_wake(struct task *task)
{
	__atomic_fetch_or(&loop.woken, task->bit, __ATOMIC_RELAXED);
}

struct waker task_waker(struct task *task)
{
	return (struct waker){.wake = task_wake_arg, .arg = task};
}

/*
 * A task that has more to do is ready at once; a deadline that it had before comes all the same. In
 * traffic deadlines move away all the time: a timeout that is too early stays, and moves when it
 * comes.
 */
static void set_deadline(struct task *task, uint64_t deadline_us)
{
	if (deadline_us <= loop.now_us) {
		task_wake(task);
		return;
	}
	task->deadline_us = deadline_us;
	if (deadline_us < task->timeout.deadline_us)
		timeout_set(&task->timeout, deadline_us);
}

static void deadline_came(struct timeout *t, uint64_t now_us)
{
	struct task *task = container_of(t, struct task, timeout);
	(void)now_us;
	set_deadline(task, task->deadline_us);
}

void task_add(struct task *task, const char *name, task_poll_fn *poll, void *self)
{
	unsigned place = 0;
	while (loop.tasks[place] != NULL) {
		place++;
		assert(place < TASKS_MAX);
	}
	*task = (struct task){.timeout = TIMEOUT_INIT(deadline_came),
			      .poll = poll,
			      .self = self,
			      .name = name,
			      .deadline_us = TIME_NEVER,
			      .bit = UINT32_C(1) << place};
	loop.tasks[place] = task;
	task_wake(task);
}

static unsigned place_of(uint32_t bit)
{
	return (unsigned)__builtin_ctz(bit);
}

void task_remove(struct task *task)
{
	struct task **place = &loop.tasks[place_of(task->bit)];
	timeout_cancel(&task->timeout);
	if (*place == task)
		*place = NULL;
}

static void run_task(struct task **place)
{
	struct task *task = *place;
	if (UNLIKELY(task == NULL)) /* woken when it had gone */
		return;
	uint64_t deadline_us = task->poll(task->self, loop.now_us);
	loop.now_us = timer_now_us(loop.timer);
	/* A task that has removed itself may be gone from memory. */
	if (*place == task)
		set_deadline(task, deadline_us);
}

/*
 * Each task runs once in a round at most, also one that another wakes meanwhile. So work passes
 * through the layers without delay, and none of them can keep the loop from the timeouts.
 */
static void run_ready_tasks(void)
{
	uint32_t left = UINT32_MAX, woken;
	while ((woken = woken_tasks() & left) != 0) {
		uint32_t bit = woken & -woken;
		left -= bit;
		__atomic_fetch_and(&loop.woken, ~bit, __ATOMIC_RELAXED);
		compiler_barrier(); /* who wakes it from here on has it run again */
		run_task(&loop.tasks[place_of(bit)]);
	}
}

static void alarm_came(void *arg)
{
	(void)arg;
	loop.armed_us = 0;
}

/*
 * Setting the alarm is dear, and in traffic deadlines move away all the time. One that comes too
 * early stays: it costs a look around, once.
 */
static void arm(uint64_t next_us, uint64_t now_us)
{
	if (loop.armed_us > now_us && loop.armed_us <= next_us)
		return;
	timer_arm(loop.timer, next_us);
	loop.armed_us = next_us;
}

/* A handler must not say it. */
static void tell_of_storm(void)
{
	log_error_brief("interrupt", "endless, turned off", "interrupt %u: endless, turned off",
			irq_storm.off - 1u);
	irq_storm.off = 0;
}

/*
 * With interrupts masked between the last look whether somebody is woken and the wait, a wake-up
 * either is seen by the look or ends the wait.
 */
static void sleep_if_idle(void)
{
	/* The clock was looked at since anything was done. */
	uint64_t before_us = loop.now_us, next_us = timeouts_next();
	if (woken_tasks() != 0 || next_us <= before_us) {
		irq_poll();
		return;
	}
	if (UNLIKELY(irq_storm.off != 0))
		tell_of_storm();
	(void)irq_save();
	if (woken_tasks() != 0) {
		irq_unmask();
		return;
	}
	arm(next_us, before_us);
	cpu_wait_irq();
	loop.now_us = time_now_us();
	loop.idle_us += loop.now_us - before_us;
}

void loop_start(struct timer *timer)
{
	time_start(timer);
	/* The alarm's interrupt ends the wait, and the loop looks around: nobody is to be woken. */
	timer->alarm.wake = alarm_came;
	loop.timer = timer;
	loop.armed_us = 0;
	boot_mark("timer");
}

void loop_round(void)
{
	__atomic_store_n(&irq_storm.left, IRQ_STORM_MAX, __ATOMIC_RELAXED);
	timeouts_run(loop.now_us);
	run_ready_tasks();
	sleep_if_idle();
}

void loop_run(void)
{
	assert(loop.timer != NULL);
	loop.now_us = time_now_us();
	irq_unmask();
	for (;;)
		loop_round();
}
