/* SPDX-License-Identifier: ISC */
/*
 * A queue of calls that wait, for those that cannot: how a protocol in the event loop asks a store
 * that is for fibers (hal/kv.h).
 *
 * Whoever asks lends a request. Its `call` is made on a fiber, where it may make as many calls of
 * stores, in direct style, as belong together; the next one begins when it has returned, so calls
 * of one queue see each other as a whole. Then `done` comes from the event loop, exactly once and
 * never inside kv_queue_submit(). Both get the request, which its owner embeds in what it needs.
 * The queue is bounded. runtime/kv has one. Event loop only, but for `call`.
 */
#ifndef HAL_KV_QUEUE_H
#define HAL_KV_QUEUE_H

#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"

struct kv_request {
	struct list node; /* the queue's, while lent */
	ssize_t (*call)(struct kv_request *r);
	void (*done)(struct kv_request *r, ssize_t result); /* what `call` returned */
	ssize_t result;                                     /* the queue's */
};

struct kv_queue;

struct kv_queue_ops {
	enum err (*submit)(struct kv_queue *q, struct kv_request *r);
	void (*cancel)(struct kv_queue *q, struct kv_request *r);
};

struct kv_queue {
	const struct kv_queue_ops *ops;
};

/* Lends a request. ERR_AGAIN: the queue is full; then it stays the caller's. */
MUST_USE static inline enum err kv_queue_submit(struct kv_queue *q, struct kv_request *r)
{
	return q->ops->submit(q, r);
}

/*
 * Nobody needs a request that is lent any more: if its call has not begun, it is not made, and the
 * result is ERR_CANCELLED. Else it ends as it ends; a call can be interrupted nowhere.
 */
static inline void kv_queue_cancel(struct kv_queue *q, struct kv_request *r)
{
	q->ops->cancel(q, r);
}

#endif
