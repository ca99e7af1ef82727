/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/sync.h"

#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"

static struct fiber *queue_up(struct list *queue)
{
	struct fiber *f = fiber_current();
	assert(f != NULL);
	list_push_back(queue, &f->waiting);
	return f;
}

/* Waits in `queue` until served, which takes the fiber out of it. */
static void wait_in(struct list *queue)
{
	struct fiber *f = queue_up(queue);
	/* Other wake-ups of this fiber may end a park early. */
	while (list_linked(&f->waiting))
		fiber_park();
}

/* The same, until the deadline or a cancellation. */
static enum err wait_in_until(struct list *queue, uint64_t deadline_us)
{
	struct fiber *f = queue_up(queue);
	while (list_linked(&f->waiting)) {
		enum err e = fiber_park_until(deadline_us);
		if (e != OK && list_linked(&f->waiting)) {
			list_remove(&f->waiting);
			return e;
		}
	}
	return OK;
}

/* Serves the first waiter and returns it, or NULL. */
static struct fiber *serve_first(struct list *queue)
{
	struct list *node = list_pop_front(queue);
	if (node == NULL)
		return NULL;
	struct fiber *f = list_entry(node, struct fiber, waiting);
	fiber_wake(f);
	return f;
}

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
	list_init(&m->waiters);
}

bool mutex_try_lock(struct mutex *m)
{
	assert(fiber_current() != NULL);
	if (m->owner != NULL)
		return false;
	m->owner = fiber_current();
	return true;
}

void mutex_lock(struct mutex *m)
{
	assert(m->owner != fiber_current());
	if (!mutex_try_lock(m))
		wait_in(&m->waiters); /* who serves us makes us the owner */
}

void mutex_unlock(struct mutex *m)
{
	assert(m->owner == fiber_current() && m->owner != NULL);
	m->owner = serve_first(&m->waiters);
}

void condition_init(struct condition *c)
{
	list_init(&c->waiters);
}

enum err condition_wait_until(struct condition *c, struct mutex *m, uint64_t deadline_us)
{
	mutex_unlock(m);
	enum err e = wait_in_until(&c->waiters, deadline_us);
	mutex_lock(m);
	return e;
}

void condition_wait(struct condition *c, struct mutex *m)
{
	mutex_unlock(m);
	wait_in(&c->waiters);
	mutex_lock(m);
}

void condition_signal(struct condition *c)
{
	(void)serve_first(&c->waiters);
}

void condition_broadcast(struct condition *c)
{
	while (serve_first(&c->waiters) != NULL) {
	}
}

void channel_init(struct channel *c, void *elements, size_t element_bytes, uint32_t capacity)
{
	assert(capacity > 0 && element_bytes > 0);
	*c = (struct channel){
		.elements = elements, .element_bytes = element_bytes, .capacity = capacity};
	list_init(&c->senders);
	list_init(&c->receivers);
}

enum err channel_try_send(struct channel *c, const void *element)
{
	if (c->closed)
		return ERR_CLOSED;
	if (c->count == c->capacity)
		return ERR_AGAIN;
	size_t at = (c->first + (size_t)c->count) % c->capacity;
	memcpy(c->elements + at * c->element_bytes, element, c->element_bytes);
	c->count++;
	(void)serve_first(&c->receivers);
	return OK;
}

enum err channel_try_receive(struct channel *c, void *element)
{
	if (c->count == 0)
		return c->closed ? ERR_EOF : ERR_AGAIN;
	memcpy(element, c->elements + c->first * c->element_bytes, c->element_bytes);
	c->first = (c->first + 1) % c->capacity;
	c->count--;
	(void)serve_first(&c->senders);
	return OK;
}

/*
 * A fiber that has been served finds an element, or room, unless another took it first; it then
 * waits again.
 */
enum err channel_send(struct channel *c, const void *element, uint64_t deadline_us)
{
	enum err e;
	while ((e = channel_try_send(c, element)) == ERR_AGAIN) {
		enum err waited = wait_in_until(&c->senders, deadline_us);
		if (waited != OK)
			return waited;
	}
	return e;
}

enum err channel_receive(struct channel *c, void *element, uint64_t deadline_us)
{
	enum err e;
	while ((e = channel_try_receive(c, element)) == ERR_AGAIN) {
		enum err waited = wait_in_until(&c->receivers, deadline_us);
		if (waited != OK)
			return waited;
	}
	return e;
}

void channel_close(struct channel *c)
{
	c->closed = true;
	while (serve_first(&c->senders) != NULL) {
	}
	while (serve_first(&c->receivers) != NULL) {
	}
}
