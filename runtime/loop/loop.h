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
 * When no task is ready and no timeout is due, the loop arms the timer for the earliest deadline
 * and sleeps until an interrupt. Tasks run one at a time and are never preempted, except by
 * interrupt handlers, which may only wake (task_wake(), wakers). Fibers (runtime/fiber) are one
 * task.
 */
#ifndef RUNTIME_LOOP_H
#define RUNTIME_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/waker.h"
#include "hal/timer.h"
#include "runtime/loop/timeout.h"
#include "runtime/time.h"

/* Does what there is to do at `now_us`; returns the next deadline in microseconds, or TIME_NEVER.
 */
typedef uint64_t task_poll_fn(void *self, uint64_t now_us);

/* The configuration compiler counts an image's; tools/config/lib/emit_main.c knows the lesser
 * number. */
enum { TASKS_MAX = BY_MEMORY(8, 32) };

struct task {
	struct timeout timeout; /* at its deadline or before */
	uint64_t deadline_us;
	task_poll_fn *poll;
	void *self;
	const char *name; /* for a debugger */
	uint32_t bit;     /* of its place in the loop */
};

/* Adds a task and wakes it once, also before the loop runs. The caller owns `task`, which must stay
 * until task_remove(). More than TASKS_MAX assert. */
void task_add(struct task *task, const char *name, task_poll_fn *poll, void *self);

/* The loop forgets the task. Safe inside its own poll function. */
void task_remove(struct task *task);

/* Makes the loop poll the task soon. Any context, interrupts included; idempotent. */
void task_wake(struct task *task);

/* The same as a waker, to hand to a driver or a protocol. */
struct waker task_waker(struct task *task);

/* time_now_us() as of the loop's last look at the clock: cheaper, at most one batch old. */
uint64_t loop_now_us(void);

/* Time that the loop has slept so far, in microseconds: for the load figure. */
uint64_t loop_idle_us(void);

/* Makes time run, by `timer`, which the loop owns from now on. Once, before all else here. */
void loop_start(struct timer *timer);

/* Unmasks interrupts and runs tasks and timeouts for ever. After loop_start(). */
NORETURN void loop_run(void);

#endif
