/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/stream.h"

#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"

/* Edges say only that it is worth while to look again: whoever waits does so. */
static void flow_changed(struct flow *flow, void *arg, unsigned events, uint64_t now_us)
{
	struct stream *s = arg;
	(void)flow;
	(void)now_us;
	s->connected |= (events & FLOW_CONNECTED) != 0;
	s->drained |= (events & FLOW_DRAINED) != 0;
	if (s->reader != NULL)
		fiber_wake(s->reader);
	if (s->writer != NULL)
		fiber_wake(s->writer);
}

/* Waits, as `*who`, for the flow to change. */
static enum err wait_as(struct fiber **who, uint64_t deadline_us)
{
	assert(*who == NULL); /* two fibers must not read, or write, at a time */
	*who = fiber_current();
	enum err e = fiber_park_until(deadline_us);
	*who = NULL;
	return e;
}

void stream_init(struct stream *s, struct flow *flow)
{
	*s = (struct stream){.flow = flow};
	flow->event = flow_changed;
	flow->arg = s;
}

enum err stream_connected(struct stream *s, uint64_t deadline_us)
{
	enum err e = OK;
	while (e == OK && !s->connected) {
		e = flow_error(s->flow);
		if (e == OK)
			e = wait_as(&s->writer, deadline_us);
	}
	return e;
}

enum err stream_peek(struct stream *s, struct slice *out, uint64_t deadline_us)
{
	enum err e;
	while ((e = flow_read(s->flow, out)) == ERR_AGAIN) {
		e = wait_as(&s->reader, deadline_us);
		if (e != OK)
			return e;
	}
	return e;
}

ssize_t stream_read(struct stream *s, void *bytes, size_t max, uint64_t deadline_us)
{
	struct slice run;
	enum err e = stream_peek(s, &run, deadline_us);
	if (e != OK)
		return e;
	size_t n = MIN(run.len, max);
	memcpy(bytes, run.data, n);
	stream_consume(s, n);
	return (ssize_t)n;
}

enum err stream_read_all(struct stream *s, void *bytes, size_t len, uint64_t deadline_us)
{
	uint8_t *at = bytes;
	while (len > 0) {
		ssize_t n = stream_read(s, at, len, deadline_us);
		if (n < 0)
			return (enum err)n;
		at += n;
		len -= (size_t)n;
	}
	return OK;
}

ssize_t stream_write_some(struct stream *s, struct slice data, uint64_t deadline_us)
{
	ssize_t n;
	assert(data.len > 0);
	s->drained = false;
	while ((n = flow_write(s->flow, &data, 1)) == ERR_AGAIN) {
		enum err e = wait_as(&s->writer, deadline_us);
		if (e != OK)
			return e;
	}
	return n;
}

/* Repeats writing the rest of `data`, as copies or as slices, until all is taken. */
static enum err write_rest(struct stream *s, struct slice data, bool copy, uint64_t deadline_us)
{
	s->drained = false;
	while (data.len > 0) {
		ssize_t n = copy ? flow_write_copy(s->flow, data.data, data.len)
				 : flow_write(s->flow, &data, 1);
		if (n < 0 && n != ERR_AGAIN)
			return (enum err)n;
		if (n > 0) {
			data.data += n;
			data.len -= (size_t)n;
		} else {
			enum err e = wait_as(&s->writer, deadline_us);
			if (e != OK)
				return e;
		}
	}
	return OK;
}

enum err stream_write_all(struct stream *s, const void *bytes, size_t len, uint64_t deadline_us)
{
	return write_rest(s, SLICE_STATIC(bytes, len), true, deadline_us);
}

enum err stream_write_slice(struct stream *s, struct slice data, uint64_t deadline_us)
{
	return write_rest(s, data, false, deadline_us);
}

enum err stream_drain(struct stream *s, uint64_t deadline_us)
{
	enum err e = OK;
	while (e == OK && !s->drained) {
		e = flow_error(s->flow);
		if (e == OK)
			e = wait_as(&s->writer, deadline_us);
	}
	return e;
}

static void ignore_event(struct flow *flow, void *arg, unsigned events, uint64_t now_us)
{
	(void)flow;
	(void)arg;
	(void)events;
	(void)now_us;
}

void stream_close(struct stream *s)
{
	assert(s->reader == NULL && s->writer == NULL);
	flow_close(s->flow);
	s->flow = NULL;
}

void stream_abort(struct stream *s)
{
	assert(s->reader == NULL && s->writer == NULL);
	flow_abort(s->flow);
	s->flow = NULL;
}

static void serve_flow(void *arg)
{
	struct flow *flow = arg;
	struct stream_server *server = flow->arg;
	struct stream s;

	stream_init(&s, flow);
	server->serve(&s);
	if (s.flow != NULL)
		stream_close(&s);
}

void stream_accept(void *arg, struct flow *flow, uint64_t now_us)
{
	struct stream_server *server = arg;
	(void)now_us;
	/* Until the fiber runs, events may come; it looks for itself first. */
	flow->event = ignore_event;
	flow->arg = server;
	if (fiber_pool_spawn(server->pool, server->name, serve_flow, flow) == NULL)
		flow_abort(flow);
}

/* --- a queue of connections ------------------------------------------------------------------ */

void stream_backlog_init(struct stream_backlog *b, struct flow **flows, uint16_t capacity)
{
	assert(capacity > 0);
	*b = (struct stream_backlog){.flows = flows, .capacity = capacity};
}

void stream_backlog_add(void *backlog, struct flow *flow, uint64_t now_us)
{
	struct stream_backlog *b = backlog;
	(void)now_us;
	if (b->closed || b->count == b->capacity) {
		b->refused++;
		flow_abort(flow);
		return;
	}
	flow->event = ignore_event; /* whoever takes it looks for itself */
	b->flows[((uint32_t)b->first + b->count) % b->capacity] = flow;
	b->count++;
	if (b->waiter != NULL)
		fiber_wake(b->waiter);
}

static struct flow *take_first(struct stream_backlog *b)
{
	struct flow *flow = b->flows[b->first];
	b->first = (uint16_t)((b->first + 1u) % b->capacity);
	b->count--;
	return flow;
}

enum err stream_backlog_take(struct stream_backlog *b, struct stream *s, uint64_t deadline_us)
{
	while (b->count == 0) {
		if (b->closed)
			return ERR_CLOSED;
		enum err e = wait_as(&b->waiter, deadline_us);
		if (e != OK && b->count == 0)
			return e;
	}
	stream_init(s, take_first(b));
	s->connected = true;
	return OK;
}

void stream_backlog_close(struct stream_backlog *b)
{
	b->closed = true;
	while (b->count > 0)
		flow_abort(take_first(b));
	if (b->waiter != NULL)
		fiber_wake(b->waiter);
}
