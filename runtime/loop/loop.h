/* SPDX-License-Identifier: ISC */
/*
 * The event loop: one a core, tickless, the only place where work is done.
 *
 * Work comes as tasks. A task is a poll function with its context; the loop calls it after
 * somebody woke it or when the deadline that it returned last has come. A poll function does
 * a bounded batch, never waits, and returns the time at which it wants to be called again
 * (TIME_NEVER: when woken). Its signature needs no header of the runtime, so that a protocol or a
 * driver can be a task without knowing the loop.
 *
 * When no task is ready, no timeout is due and no fiber can run, the loop arms the timer for the
 * earliest deadline and sleeps until an interrupt. Tasks and fibers run one at a time and are
 * never preempted, except by interrupt handlers, which may only wake (task_wake(), wakers).
 */
#ifndef RUNTIME_LOOP_H
#define RUNTIME_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/list.h"
#include "base/waker.h"
#include "runtime/loop/timeout.h"

/* Does what there is to do at `now_us`; returns the next deadline in microseconds, or TIME_NEVER.
 */
typedef uint64_t task_poll_fn(void *self, uint64_t now_us);

struct task {
	struct list ready; /* in the loop's ready list, or unlinked */
	struct timeout deadline;
	task_poll_fn *poll;
	void *self;
	const char *name; /* for statistics and messages */
	uint64_t runs;
	uint64_t run_us; /* time spent in poll */
};

/* Adds a task and wakes it once. The caller owns `task`, which must stay until task_remove(). */
void task_add(struct task *task, const char *name, task_poll_fn *poll, void *self);

/* The loop forgets the task. Safe inside its own poll function. */
void task_remove(struct task *task);

/* Makes the loop poll the task soon. Any context, interrupts included; idempotent. */
void task_wake(struct task *task);

/* The same as a waker, to hand to a driver or a protocol. */
struct waker task_waker(struct task *task);

/* The time in microseconds since the image was entered. Any context. */
uint64_t time_now_us(void);

/* The same, as of the loop's last look at the clock: cheaper, at most one batch old. */
uint64_t loop_now_us(void);

/* Time that the loop has slept so far, in microseconds: for the load figure. */
uint64_t loop_idle_us(void);

/* For start(): runs tasks, timeouts and fibers for ever. */
NORETURN void loop_run(void);

#endif
