/* SPDX-License-Identifier: ISC */
#include "runtime/loop/loop.h"

#include "arch/irqflags.h"
#include "base/assert.h"
#include "runtime/loop/loop_internal.h"

static struct {
	struct timer *timer;
	uint64_t origin_us; /* the timer's reading at loop_init() */
	uint64_t now_us;
	uint64_t idle_us;
	struct task *running; /* NULL once it has removed itself */
	struct list ready;    /* of struct task; interrupts masked when it is touched */
} loop = {.ready = LIST_INIT(loop.ready)};

uint64_t time_now_us(void)
{
	if (loop.timer == NULL)
		return 0; /* a log line from within board_init() */
	return timer_now_us(loop.timer) - loop.origin_us;
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

static void set_deadline(struct task *task, uint64_t deadline_us)
{
	if (deadline_us == TIME_NEVER)
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
	if (loop.running == task) {
		task->runs++;
		task->run_us += end_us - loop.now_us;
		set_deadline(task, deadline_us);
	}
	loop.running = NULL;
	loop.now_us = end_us;
}

/* One that is woken meanwhile, even by itself, waits for the next round. */
static void run_ready_tasks(void)
{
	struct list round, *node;
	unsigned long state = irq_save();
	list_take(&round, &loop.ready);
	irq_restore(state);
	for (;;) {
		state = irq_save();
		node = list_pop_front(&round);
		irq_restore(state);
		if (node == NULL)
			return;
		run_task(list_entry(node, struct task, ready));
	}
}

/*
 * With interrupts masked between the last look at the ready lists and the wait, a wake-up either is
 * seen by the look or ends the wait.
 */
static void sleep_if_idle(void)
{
	unsigned long state = irq_save();
	(void)state;
	if (list_empty(&loop.ready) && !fibers_ready()) {
		uint64_t next_us = timeouts_next();
		uint64_t before_us = time_now_us();
		if (next_us > before_us) {
			if (next_us != TIME_NEVER)
				next_us += loop.origin_us;
			timer_arm(loop.timer, next_us);
			cpu_wait_irq();
			loop.now_us = time_now_us();
			loop.idle_us += loop.now_us - before_us;
		}
	}
	irq_unmask();
}

void loop_init(struct timer *timer)
{
	/* The alarm need wake nobody: its interrupt ends the wait, and the loop looks around. */
	loop.timer = timer;
	loop.origin_us = timer_now_us(timer);
	loop.now_us = 0;
}

void loop_round(void)
{
	loop.now_us = time_now_us();
	timeouts_run(loop.now_us);
	run_ready_tasks();
	fibers_run();
	sleep_if_idle();
}

void loop_run(void)
{
	assert(loop.timer != NULL);
	for (;;)
		loop_round();
}
