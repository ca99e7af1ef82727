/* SPDX-License-Identifier: ISC */
#include "runtime/loop/loop.h"

#include "arch/irqflags.h"
#include "base/assert.h"
#include "runtime/loop/loop_internal.h"
#include "runtime/start.h"

static struct {
	struct timer *timer;
	uint64_t armed_us; /* when its alarm comes, if that is not over; the handler clears it */
	uint64_t now_us;
	uint64_t idle_us;
	uint32_t round;       /* numbers the rounds; wraps */
	struct task *running; /* NULL once it has removed itself */
	struct list ready;    /* of struct task; interrupts masked when it is touched */
} loop = {.ready = LIST_INIT(loop.ready)};

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
	unsigned long state = irq_save();
	if (!list_linked(&task->ready))
		list_push_back(&loop.ready, &task->ready);
	irq_restore(state);
}

struct waker task_waker(struct task *task)
{
	return (struct waker){.wake = task_wake_arg, .arg = task};
}

static void deadline_came(struct timeout *t, uint64_t now_us)
{
	(void)now_us;
	task_wake(container_of(t, struct task, deadline));
}

void task_add(struct task *task, const char *name, task_poll_fn *poll, void *self)
{
	*task = (struct task){.poll = poll, .self = self, .name = name};
	list_init(&task->ready);
	timeout_init(&task->deadline, deadline_came);
	task_wake(task);
}

void task_remove(struct task *task)
{
	unsigned long state = irq_save();
	list_remove(&task->ready);
	irq_restore(state);
	timeout_cancel(&task->deadline);
	if (loop.running == task)
		loop.running = NULL;
}

/* A task that has more to do is ready at once; a deadline that it had before comes all the same. */
static void set_deadline(struct task *task, uint64_t deadline_us, uint64_t now_us)
{
	if (deadline_us <= now_us)
		task_wake(task);
	else if (deadline_us == TIME_NEVER)
		timeout_cancel(&task->deadline);
	else if (!timeout_pending(&task->deadline) || task->deadline.deadline_us != deadline_us)
		timeout_set(&task->deadline, deadline_us);
}

static void run_task(struct task *task)
{
	loop.running = task;
	uint64_t deadline_us = task->poll(task->self, loop.now_us);
	uint64_t end_us = time_now_us();
	/* A task that has removed itself may be gone from memory. */
	if (loop.running == task)
		set_deadline(task, deadline_us, end_us);
	loop.running = NULL;
	loop.now_us = end_us;
}

/* The first task that is ready, unlinked; NULL if there is none, or it has run in this round. */
static struct task *next_ready(void)
{
	struct task *task = NULL;
	unsigned long state = irq_save();
	if (!list_empty(&loop.ready)) {
		struct task *first = list_entry(loop.ready.next, struct task, ready);
		if (first->round != loop.round) {
			list_remove(&first->ready);
			task = first;
		}
	}
	irq_restore(state);
	return task;
}

/*
 * Each task runs once in a round at most, also one that another wakes meanwhile. So work passes
 * through the layers without delay, and none of them can keep the loop from the timeouts.
 */
static void run_ready_tasks(void)
{
	struct task *task;
	loop.round++;
	while ((task = next_ready()) != NULL) {
		task->round = loop.round;
		run_task(task);
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

/*
 * With interrupts masked between the last look at the ready list and the wait, a wake-up either is
 * seen by the look or ends the wait.
 */
static void sleep_if_idle(void)
{
	(void)irq_save();
	if (list_empty(&loop.ready)) {
		/* The clock was looked at since anything was done. */
		uint64_t before_us = loop.now_us, next_us = timeouts_next();
		if (next_us > before_us) {
			arm(next_us, before_us);
			cpu_wait_irq();
			loop.now_us = time_now_us();
			loop.idle_us += loop.now_us - before_us;
		}
	}
	irq_unmask();
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
