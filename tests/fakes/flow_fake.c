/* SPDX-License-Identifier: ISC */
#include "tests/fakes/flow_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct segment {
	struct list node;
	struct ref ref;
	struct flow_fake *flow;
	size_t at, len;
	uint8_t bytes[];
};

struct held {
	struct list node;
	struct slice bytes;
	size_t at; /* in the flow's output */
};

static struct flow_fake *fake_of(struct flow *flow)
{
	struct flow_fake *f = container_of(flow, struct flow_fake, flow);
	assert_false(flow_fake_is_over(f)); /* the pointer is dead after close and abort */
	return f;
}

/* --- receiving ------------------------------------------------------------------------------- */

static void segment_release(struct ref *ref)
{
	struct segment *s = container_of(ref, struct segment, ref);
	s->flow->segments--;
	free(s);
}

void flow_fake_feed(struct flow_fake *f, const void *bytes, size_t len)
{
	if (flow_fake_is_over(f) || len == 0)
		return;
	struct segment *s = malloc(sizeof(*s) + len);
	assert_non_null(s);
	*s = (struct segment){.ref = {1, segment_release}, .flow = f, .len = len};
	memcpy(s->bytes, bytes, len);
	list_push_back(&f->received, &s->node);
	f->received_bytes += len;
	f->segments++;
	f->pending |= FLOW_READABLE;
}

void flow_fake_feed_split(struct flow_fake *f, const void *bytes, size_t len, size_t step)
{
	for (size_t at = 0; at < len; at += step)
		flow_fake_feed(f, (const uint8_t *)bytes + at, MIN(step, len - at));
}

void flow_fake_eof(struct flow_fake *f)
{
	f->eof = true;
	f->pending |= FLOW_READABLE;
}

void flow_fake_reset(struct flow_fake *f)
{
	f->error = ERR_RESET;
	f->pending |= FLOW_FAILED;
}

static enum err fake_read(struct flow *flow, struct slice *out, unsigned n)
{
	struct flow_fake *f = fake_of(flow);
	if (f->error != OK)
		return f->error;
	if (list_empty(&f->received))
		return f->eof ? ERR_EOF : ERR_AGAIN;
	unsigned got = 0;
	list_for_each (node, &f->received) {
		struct segment *s = list_entry(node, struct segment, node);
		if (got < n)
			out[got++] = (struct slice){s->bytes + s->at, s->len - s->at, &s->ref};
	}
	if (got < n)
		out[got].len = 0;
	return OK;
}

static void fake_consume(struct flow *flow, size_t bytes)
{
	struct flow_fake *f = fake_of(flow);
	assert_in_range(bytes, 0, f->received_bytes);
	f->received_bytes -= bytes;
	while (bytes > 0) {
		struct segment *s = list_entry(f->received.next, struct segment, node);
		size_t n = MIN(bytes, s->len - s->at);
		s->at += n;
		bytes -= n;
		if (s->at == s->len) {
			list_remove(&s->node);
			ref_put(&s->ref);
		}
	}
}

/* --- sending --------------------------------------------------------------------------------- */

static size_t take(struct flow_fake *f, const void *bytes, size_t len)
{
	size_t n = MIN(len, f->room);
	if (f->out_bytes + n > f->out_max) {
		f->out_max = 2 * (f->out_bytes + n);
		f->out = realloc(f->out, f->out_max);
		assert_non_null(f->out);
	}
	if (n > 0)
		memcpy(f->out + f->out_bytes, bytes, n);
	f->out_bytes += n;
	if (f->room != SIZE_MAX)
		f->room -= n;
	return n;
}

static ssize_t write_result(struct flow_fake *f, size_t taken, size_t wanted)
{
	if (taken < wanted)
		f->short_write = true;
	return taken == 0 && wanted > 0 ? ERR_AGAIN : (ssize_t)taken;
}

static enum err write_error(const struct flow_fake *f)
{
	if (f->error != OK)
		return f->error;
	return f->shut_down ? ERR_CLOSED : OK;
}

/* What was taken last. */
static void hold(struct flow_fake *f, struct slice bytes)
{
	struct held *h;
	if (bytes.owner == NULL)
		return;
	h = malloc(sizeof(*h));
	assert_non_null(h);
	*h = (struct held){.bytes = bytes, .at = f->out_bytes - bytes.len};
	ref_get(bytes.owner);
	list_push_back(&f->held, &h->node);
}

static ssize_t fake_write(struct flow *flow, const struct slice *slices, unsigned n)
{
	struct flow_fake *f = fake_of(flow);
	size_t taken = 0, wanted = 0;
	f->write_calls++;
	if (write_error(f) != OK)
		return write_error(f);
	for (unsigned i = 0; i < n; i++) {
		size_t part = taken == wanted ? take(f, slices[i].data, slices[i].len) : 0;
		if (part > 0)
			hold(f, (struct slice){slices[i].data, part, slices[i].owner});
		taken += part;
		wanted += slices[i].len;
	}
	return write_result(f, taken, wanted);
}

static ssize_t fake_write_copy(struct flow *flow, const void *bytes, size_t len)
{
	struct flow_fake *f = fake_of(flow);
	f->write_calls++;
	if (write_error(f) != OK)
		return write_error(f);
	return write_result(f, take(f, bytes, len), len);
}

void flow_fake_room(struct flow_fake *f, size_t bytes)
{
	f->room = bytes == SIZE_MAX ? SIZE_MAX : f->room + bytes;
}

void flow_fake_ack(struct flow_fake *f)
{
	struct list *node;
	while ((node = list_pop_front(&f->held)) != NULL) {
		struct held *h = list_entry(node, struct held, node);
		/* As long as it is held it must not change (hal/flow.h). */
		assert_memory_equal(h->bytes.data, f->out + h->at, h->bytes.len);
		ref_put(h->bytes.owner);
		free(h);
	}
	f->pending |= FLOW_DRAINED;
}

unsigned flow_fake_held(const struct flow_fake *f)
{
	unsigned n = 0;
	list_for_each (it, &f->held)
		n++;
	return n;
}

/* --- ending ---------------------------------------------------------------------------------- */

static void drop_received(struct flow_fake *f)
{
	struct list *node;
	while ((node = list_pop_front(&f->received)) != NULL)
		ref_put(&list_entry(node, struct segment, node)->ref);
	f->received_bytes = 0;
}

static void fake_shutdown(struct flow *flow)
{
	fake_of(flow)->shut_down = true;
}

static void fake_close(struct flow *flow)
{
	struct flow_fake *f = fake_of(flow);
	f->closed = true;
	drop_received(f);
}

static void fake_abort(struct flow *flow)
{
	struct flow_fake *f = fake_of(flow);
	f->aborted = true;
	drop_received(f);
	flow_fake_ack(f);
}

static enum err fake_error(struct flow *flow)
{
	return fake_of(flow)->error;
}

static void fake_peer(struct flow *flow, struct ip_addr *addr, uint16_t *port)
{
	(void)fake_of(flow);
	*addr = ip_addr_from_v4(0x7f000001);
	*port = 40000;
}

static const struct flow_ops flow_fake_ops = {
	.read = fake_read,
	.consume = fake_consume,
	.write = fake_write,
	.write_copy = fake_write_copy,
	.shutdown = fake_shutdown,
	.close = fake_close,
	.abort = fake_abort,
	.error = fake_error,
	.peer = fake_peer,
};

void flow_fake_init(struct flow_fake *f)
{
	*f = (struct flow_fake){.flow.ops = &flow_fake_ops, .room = SIZE_MAX};
	list_init(&f->received);
	list_init(&f->held);
}

void flow_fake_fini(struct flow_fake *f)
{
	assert_true(flow_fake_is_over(f));
	flow_fake_ack(f);
	assert_int_equal(f->segments, 0); /* nobody keeps a received slice */
	free(f->out);
	f->out = NULL;
}

bool flow_fake_poll(struct flow_fake *f, uint64_t now_us)
{
	unsigned events = f->pending;
	if (f->short_write && f->room > 0) {
		events |= FLOW_WRITABLE;
		f->short_write = false;
	}
	f->pending = 0;
	if (events == 0 || flow_fake_is_over(f) || f->flow.event == NULL)
		return false;
	f->flow.event(&f->flow, f->flow.arg, events, now_us);
	return true;
}
