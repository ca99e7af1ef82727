/* SPDX-License-Identifier: ISC */
/*
 * Fibers: functions with a stack of their own, so that an application can be written in direct
 * style, waiting in the middle of what it does.
 *
 * Fibers are cooperative: one runs until it waits (sleep, park, join, the calls of sync.h and
 * stream.h) or returns, and is never preempted by another. They are a task of the event loop, which
 * runs each fiber that is ready in turn. The caller owns `struct fiber`; it must stay until the
 * fiber has ended.
 *
 * Waiting is built from park and wake. A wake-up that comes before the park is kept (one, however
 * many come), so none is lost; and other waits in between may use it up, so a fiber always parks
 * in a loop over the condition that it waits for:
 *
 *         while (!done)
 *                 fiber_park();
 *
 * A fiber can be told to give up: fiber_cancel(). From then on each of its waits that has a
 * deadline ends at once with ERR_CANCELLED, so that it runs through its own ends of errors, gives
 * back what it holds and returns. Waits without an outcome (fiber_park(), a mutex) are not cut
 * short.
 *
 * fiber_wake() may be called anywhere, interrupts included; all else only from the event loop, and
 * what waits only from a fiber.
 */
#ifndef RUNTIME_FIBER_H
#define RUNTIME_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "arch/context.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"
#include "base/waker.h"
#include "runtime/loop/timeout.h"

enum {
#ifdef __SANITIZE_ADDRESS__
	/* Frames with red zones, and the sanitizer's report of what it has found. */
	FIBER_STACK_EXTRA_BYTES = 112 << 10,
#else
	FIBER_STACK_EXTRA_BYTES = 0,
#endif
	/* Enough for formatting a log line above a few frames of an application, and for one. */
	FIBER_STACK_BYTES_MIN = BY_MEMORY(1024, 2048),
};

struct fiber {
	struct list node;    /* in the list of ready fibers, or in its pool's list */
	struct list waiting; /* in the queue of what it waits for (sync.h), or unlinked */
	struct context context;
	const char *name;
	void (*fn)(void *arg);
	void *arg;
	uint8_t *stack; /* the lowest usable byte */
	size_t stack_bytes;
	void (*release)(struct fiber *f); /* gives the stack back when the fiber has ended */
	void *release_arg;
	struct fiber *joiner;
	struct timeout timer;
	bool parked;
	bool woken; /* a wake-up came before the park that it is for */
	bool ended;
	bool cancelled;
};

/*
 * Starts fn(arg) on the caller's stack of `stack_bytes` at `stack`, 16-byte aligned, which must
 * stay until the fiber has ended. There is no guard page below it; an overflow is noticed at the
 * next switch, by the word at its end.
 */
void fiber_spawn_on(struct fiber *f, const char *name, void *stack, size_t stack_bytes,
		    void (*fn)(void *arg), void *arg);

/*
 * The same on a stack from the heap, rounded up to whole pages, with a guard page below it. It is
 * given back when the fiber ends. ERR_NOMEM.
 */
MUST_USE enum err fiber_spawn(struct fiber *f, const char *name, size_t stack_bytes,
			      void (*fn)(void *arg), void *arg);

/*
 * Runs main() in the first fiber, "main", on a stack of `stack_bytes`, which memory_take_last()
 * gives, and the event loop with it: what unikernel_main() of an application written in fibers ends
 * with. The value of main() is the image's exit status. Stops the image if there is too little
 * memory. After memory_start() and loop_start().
 */
NORETURN void fibers_main(int (*main)(void), size_t stack_bytes);

/* The running fiber, or NULL in a task, a timeout or an interrupt handler. */
struct fiber *fiber_current(void);

/* Lets every other ready fiber and task run first. */
void fiber_yield(void);

/* Waits until `deadline_us` (runtime/time.h) or for `us` microseconds. ERR_CANCELLED. */
enum err fiber_sleep_until(uint64_t deadline_us);
enum err fiber_sleep(uint64_t us);

/* Waits for fiber_wake(); returns at once if one has come since the last park. */
void fiber_park(void);

/* The same until `deadline_us` at the latest; then ERR_TIMEOUT. ERR_CANCELLED: do not wait again.
 */
enum err fiber_park_until(uint64_t deadline_us);

/*
 * Waits until an expression that answers ERR_AGAIN for "not yet" answers something else, and is
 * that; or ERR_TIMEOUT at `deadline_us`, or ERR_CANCELLED. Whoever makes the answer change must
 * wake this fiber, by fiber_waker(). It turns calls that do not block into direct style:
 *
 *         e = FIBER_AWAIT(http_call_read(&call, &run), deadline_us);
 */
#define FIBER_AWAIT(EXPRESSION, DEADLINE_US)                                                       \
	({                                                                                         \
		ssize_t fiber_await_;                                                              \
		while ((fiber_await_ = (EXPRESSION)) == ERR_AGAIN) {                               \
			fiber_await_ = fiber_park_until(DEADLINE_US);                              \
			if (fiber_await_ != OK)                                                    \
				break;                                                             \
		}                                                                                  \
		fiber_await_;                                                                      \
	})

/* What the main fiber of an image that serves for ever ends with. */
NORETURN void fiber_park_forever(void);

/* Tells `f` to give up: see above. It goes on running; fiber_join() waits until it has ended. */
void fiber_cancel(struct fiber *f);

/* Ends the wait of `f`, or its next one. Any context. Nothing happens to one that has ended. */
void fiber_wake(struct fiber *f);

/* The same as a waker, to hand to a driver or a protocol. */
struct waker fiber_waker(struct fiber *f);

/* Waits until `f` has ended and its stack is given back. One fiber may wait for it. */
void fiber_join(struct fiber *f);

/* The most bytes of its stack that `f` has used so far; for one that has ended, 0. */
size_t fiber_stack_used(const struct fiber *f);

/*
 * A fixed number of fibers with stacks of one size, for work that strangers ask for: one fiber a
 * connection, so that what they can take is bounded. FIBER_POOL defines one at file scope.
 */
struct fiber_pool {
	struct list free; /* of struct fiber, through node */
	struct fiber *fibers;
	uint8_t *stacks; /* `stride` apart, a guard page at the bottom of each */
	size_t stride;
	uint32_t count;
	uint32_t used, used_max;
	uint32_t exhausted; /* times that none was free */
	bool ready;
};

#define FIBER_POOL(pool, n, bytes)                                                                 \
	static struct fiber pool##_fibers[n];                                                      \
	static ALIGNED(PAGE_BYTES)                                                                 \
		uint8_t pool##_stacks[n][PAGE_BYTES + FIBER_STACK_EXTRA_BYTES +                    \
					 ROUND_UP((size_t)(bytes), PAGE_BYTES)];                   \
	static struct fiber_pool pool = {.fibers = pool##_fibers,                                  \
					 .stacks = pool##_stacks[0],                               \
					 .stride = sizeof(pool##_stacks[0]),                       \
					 .count = (n)}

/* Starts fn(arg) on a fiber of the pool, which takes it back by itself. NULL: none is free. */
struct fiber *fiber_pool_spawn(struct fiber_pool *pool, const char *name, void (*fn)(void *arg),
			       void *arg);

#endif
