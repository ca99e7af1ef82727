/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/fiber.h"

#include "arch/irqflags.h"
#include "base/assert.h"
#include "runtime/fiber/fiber_internal.h"
#include "runtime/loop/loop.h"
#include "runtime/panic.h"
#include "runtime/start.h"

static struct fiber *current;
static struct context loop_context;

/* Runs the fibers that are ready; added with the first fiber. */
static struct task scheduler;

/*
 * Interrupts are masked when it, or a fiber's `parked` and `woken`, are touched. While it has
 * members the scheduler is awake.
 */
static struct list ready = LIST_INIT(ready);

/* With interrupts masked. */
static void push_ready(struct fiber *f)
{
	if (list_empty(&ready))
		task_wake(&scheduler);
	list_push_back(&ready, &f->node);
}

static void make_ready(struct fiber *f)
{
	unsigned long state = irq_save();
	push_ready(f);
	irq_restore(state);
}

static void run_current(void *arg)
{
	struct fiber *f = arg;
	f->fn(f->arg);
	f->ended = true;
	context_finish(&f->context, &loop_context);
}

static void run(struct fiber *f)
{
	current = f;
	panic_fiber = f->name;
	context_switch(&loop_context, &f->context);
	current = NULL;
	panic_fiber = NULL;
	if (!fiber_stack_intact(f))
		panic("fiber %s has overflowed its stack", f->name);
	if (f->ended) {
		/* Releasing it may make its memory another's. */
		struct fiber *joiner = f->joiner;
		if (f->release != NULL)
			f->release(f);
		if (joiner != NULL)
			fiber_wake(joiner);
	}
}

/*
 * Each fiber that is ready at the call runs until it waits. What becomes ready meanwhile wakes the
 * scheduler for the next round.
 */
static uint64_t run_ready(void *self, uint64_t now_us)
{
	struct list round, *node;
	(void)self;
	(void)now_us;
	unsigned long state = irq_save();
	list_take(&round, &ready);
	irq_restore(state);
	/* Nobody else touches a fiber's node while it is in this list: it is neither parked nor
	 * running. */
	while ((node = list_pop_front(&round)) != NULL)
		run(list_entry(node, struct fiber, node));
	return TIME_NEVER;
}

static void timer_came(struct timeout *t, uint64_t now_us)
{
	(void)now_us;
	fiber_wake(container_of(t, struct fiber, timer));
}

void fiber_prepare(struct fiber *f, const char *name, void *stack, size_t stack_bytes,
		   void (*fn)(void *arg), void *arg)
{
	*f = (struct fiber){
		.name = name, .fn = fn, .arg = arg, .stack = stack, .stack_bytes = stack_bytes};
	list_init(&f->waiting);
	timeout_init(&f->timer, timer_came);
	context_init(&f->context, stack, stack_bytes, run_current, f);
	if (scheduler.poll == NULL)
		task_add(&scheduler, "fibers", run_ready, NULL);
	make_ready(f);
}

struct fiber *fiber_current(void)
{
	return current;
}

static void switch_to_loop(void)
{
	context_switch(&current->context, &loop_context);
}

void fiber_yield(void)
{
	assert(current != NULL);
	make_ready(current);
	switch_to_loop();
}

void fiber_park(void)
{
	assert(current != NULL);
	unsigned long state = irq_save();
	bool wait = !current->woken;
	current->woken = false;
	current->parked = wait;
	irq_restore(state);
	/* A wake-up from here on makes the fiber ready; the loop runs it after the switch. */
	if (wait)
		switch_to_loop();
}

enum err fiber_park_until(uint64_t deadline_us)
{
	assert(current != NULL);
	if (current->cancelled)
		return ERR_CANCELLED;
	if (deadline_us != TIME_NEVER) {
		if (time_now_us() >= deadline_us)
			return ERR_TIMEOUT;
		timeout_set(&current->timer, deadline_us);
	}
	fiber_park();
	timeout_cancel(&current->timer);
	if (current->cancelled)
		return ERR_CANCELLED;
	return time_now_us() >= deadline_us ? ERR_TIMEOUT : OK;
}

void fiber_park_forever(void)
{
	for (;;)
		fiber_park();
}

enum err fiber_sleep_until(uint64_t deadline_us)
{
	enum err e;
	while ((e = fiber_park_until(deadline_us)) == OK) {
	}
	return e == ERR_TIMEOUT ? OK : e;
}

enum err fiber_sleep(uint64_t us)
{
	uint64_t now_us = time_now_us();
	return fiber_sleep_until(us < TIME_NEVER - now_us ? now_us + us : TIME_NEVER);
}

void fiber_wake(struct fiber *f)
{
	unsigned long state = irq_save();
	if (f->parked) {
		f->parked = false;
		push_ready(f);
	} else {
		f->woken = true;
	}
	irq_restore(state);
}

void fiber_cancel(struct fiber *f)
{
	f->cancelled = true;
	fiber_wake(f);
}

static void fiber_wake_arg(void *f)
{
	fiber_wake(f);
}

struct waker fiber_waker(struct fiber *f)
{
	return (struct waker){.wake = fiber_wake_arg, .arg = f};
}

void fiber_join(struct fiber *f)
{
	assert(f != current && (f->joiner == NULL || f->joiner == current));
	f->joiner = current;
	while (!f->ended)
		fiber_park();
}

static int (*main_function)(void);

static void run_main(void *arg)
{
	(void)arg;
	stop(main_function() & 0xff);
}

void fibers_main(int (*main)(void), size_t stack_bytes)
{
	static struct fiber fiber;
	main_function = main;
	fiber_spawn_for_ever(&fiber, "main", stack_bytes, run_main);
	loop_run();
}
