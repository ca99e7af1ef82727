/* SPDX-License-Identifier: ISC */
/*
 * The queue of hal/kv_queue.h: one fiber that makes the calls.
 *
 * The caller owns the structure, polls kv_fiber_poll() in a task whose waker it gave, and never
 * takes the queue away while the image runs. Of a full queue the number of requests is told at the
 * start. A call that hangs holds up those behind it: disks give up after a bounded time.
 */
#ifndef RUNTIME_KV_FIBER_H
#define RUNTIME_KV_FIBER_H

#include <stdint.h>

#include "base/waker.h"
#include "hal/kv_queue.h"
#include "runtime/fiber/fiber.h"

struct kv_fiber_stats {
	uint64_t calls;
	uint32_t refused;   /* the queue was full */
	uint32_t cancelled; /* before their call began */
};

struct kv_fiber {
	struct kv_queue queue;
	struct fiber fiber;
	struct waker work;           /* of the task that polls */
	struct list waiting, ended;  /* requests */
	unsigned requests, capacity; /* lent now, and at most */
	struct kv_fiber_stats stats;
};

/* Starts the fiber with a stack of so many bytes. ERR_NOMEM. */
MUST_USE enum err kv_fiber_start(struct kv_fiber *q, unsigned capacity, size_t stack_bytes,
				 struct waker work);

/* Tells those whose calls have ended. Signature of a task's poll function. */
uint64_t kv_fiber_poll(void *kv_fiber, uint64_t now_us);

#endif
