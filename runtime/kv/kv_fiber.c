/* SPDX-License-Identifier: ISC */
#include "runtime/kv/kv_fiber.h"

#include "base/attr.h"

static struct kv_fiber *of(struct kv_queue *q)
{
	return container_of(q, struct kv_fiber, queue);
}

/* `done` comes from the task: here somebody may be in the middle of something. */
static void end(struct kv_fiber *q, struct kv_request *r, ssize_t result)
{
	r->result = result;
	list_push_back(&q->ended, &r->node);
	waker_wake(&q->work);
}

static void serve(void *arg)
{
	struct kv_fiber *q = arg;

	for (;;) {
		while (list_empty(&q->waiting))
			fiber_park();
		struct kv_request *r =
			list_entry(list_pop_front(&q->waiting), struct kv_request, node);
		q->stats.calls++;
		end(q, r, r->call(r));
	}
}

static enum err submit(struct kv_queue *queue, struct kv_request *r)
{
	struct kv_fiber *q = of(queue);

	if (q->requests == q->capacity) {
		q->stats.refused++;
		return ERR_AGAIN;
	}
	q->requests++;
	list_push_back(&q->waiting, &r->node);
	fiber_wake(&q->fiber);
	return OK;
}

static void cancel(struct kv_queue *queue, struct kv_request *r)
{
	struct kv_fiber *q = of(queue);

	list_for_each (node, &q->waiting) {
		if (node != &r->node)
			continue;
		list_remove(node);
		q->stats.cancelled++;
		end(q, r, ERR_CANCELLED);
		return;
	}
}

uint64_t kv_fiber_poll(void *kv_fiber, uint64_t now_us)
{
	struct kv_fiber *q = kv_fiber;

	(void)now_us;
	while (!list_empty(&q->ended)) {
		struct kv_request *r =
			list_entry(list_pop_front(&q->ended), struct kv_request, node);
		q->requests--;
		r->done(r, r->result);
	}
	return UINT64_MAX;
}

enum err kv_fiber_start(struct kv_fiber *q, unsigned capacity, size_t stack_bytes,
			struct waker work)
{
	static const struct kv_queue_ops ops = {.submit = submit, .cancel = cancel};

	*q = (struct kv_fiber){.queue = {&ops}, .work = work, .capacity = capacity};
	list_init(&q->waiting);
	list_init(&q->ended);
	return fiber_spawn(&q->fiber, "kv", stack_bytes, serve, q);
}
