/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct fuzz_segment {
	struct ref ref;
	size_t at, len;
	uint8_t bytes[];
};

static unsigned alive;

static struct fuzz_flow *open_flow(struct flow *flow)
{
	struct fuzz_flow *f = container_of(flow, struct fuzz_flow, flow);
	assert(!f->over);
	return f;
}

static void release(struct ref *ref)
{
	alive--;
	free(container_of(ref, struct fuzz_segment, ref));
}

static void drop_first(struct fuzz_flow *f)
{
	ref_put(&f->queue[0]->ref);
	memmove(f->queue, f->queue + 1, --f->queued * sizeof(f->queue[0]));
}

static enum err fuzz_read(struct flow *flow, struct slice *out, unsigned n)
{
	struct fuzz_flow *f = open_flow(flow);
	if (f->reset)
		return ERR_RESET;
	if (f->queued == 0)
		return f->eof ? ERR_EOF : ERR_AGAIN;
	struct fuzz_segment *s = f->queue[0];
	assert(n == 1);
	*out = (struct slice){s->bytes + s->at, s->len - s->at, &s->ref};
	return OK;
}

static void fuzz_consume(struct flow *flow, size_t bytes)
{
	struct fuzz_flow *f = open_flow(flow);
	while (bytes > 0) {
		assert(f->queued > 0);
		struct fuzz_segment *s = f->queue[0];
		size_t n = MIN(bytes, s->len - s->at);
		s->at += n;
		bytes -= n;
		if (s->at == s->len)
			drop_first(f);
	}
}

static ssize_t fuzz_write_copy(struct flow *flow, const void *bytes, size_t len)
{
	struct fuzz_flow *f = open_flow(flow);
	size_t n = MIN(len, f->room);
	if (f->reset)
		return ERR_RESET;
	assert(!f->shut_down);
	if (f->out != NULL) {
		n = MIN(n, f->out_max - f->out_bytes);
		if (n > 0)
			memcpy(f->out + f->out_bytes, bytes, n);
		f->out_bytes += n;
	}
	f->room -= n;
	f->short_write |= n < len;
	return n == 0 && len > 0 ? ERR_AGAIN : (ssize_t)n;
}

static ssize_t fuzz_write(struct flow *flow, const struct slice *slices, unsigned n)
{
	struct fuzz_flow *f = open_flow(flow);
	ssize_t all = 0;
	for (unsigned i = 0; i < n; i++) {
		ssize_t taken = fuzz_write_copy(flow, slices[i].data, slices[i].len);
		if (taken < 0)
			return all > 0 ? all : taken;
		if (taken > 0 && slices[i].owner != NULL && f->held < FUZZ_FLOW_HELD) {
			ref_get(slices[i].owner);
			f->hold[f->held++] = slices[i].owner;
		}
		all += taken;
		if ((size_t)taken < slices[i].len)
			break;
	}
	return all;
}

static void fuzz_shutdown(struct flow *flow)
{
	open_flow(flow)->shut_down = true;
}

static void fuzz_close(struct flow *flow)
{
	struct fuzz_flow *f = open_flow(flow);
	f->over = true;
	while (f->queued > 0)
		drop_first(f);
}

static enum err fuzz_error(struct flow *flow)
{
	return open_flow(flow)->reset ? ERR_RESET : OK;
}

const struct flow_ops fuzz_flow_ops = {
	.read = fuzz_read,
	.consume = fuzz_consume,
	.write = fuzz_write,
	.write_copy = fuzz_write_copy,
	.shutdown = fuzz_shutdown,
	.close = fuzz_close,
	.abort = fuzz_close,
	.error = fuzz_error,
};

void fuzz_flow_init(struct fuzz_flow *f, size_t room, uint8_t *out, size_t out_max)
{
	*f = (struct fuzz_flow){
		.flow.ops = &fuzz_flow_ops, .room = room, .out = out, .out_max = out_max};
}

void fuzz_flow_fini(struct fuzz_flow *f)
{
	while (f->held > 0)
		ref_put(f->hold[--f->held]);
}

void fuzz_flow_raise(struct fuzz_flow *f, unsigned events, uint64_t now_us)
{
	if (f->short_write && f->room > 0) {
		events |= FLOW_WRITABLE;
		f->short_write = false;
	}
	if (!f->over && events != 0)
		f->flow.event(&f->flow, f->flow.arg, events, now_us);
}

bool fuzz_flow_feed(struct fuzz_flow *f, struct cursor *c, size_t len)
{
	len = MIN(len, c->left);
	if (f->over || f->eof || f->queued == FUZZ_FLOW_SEGMENTS || len == 0)
		return false;
	struct fuzz_segment *s = malloc(sizeof(*s) + len);
	assert(s != NULL);
	*s = (struct fuzz_segment){.ref = {1, release}, .len = len};
	memcpy(s->bytes, cursor_bytes(c, len), len);
	f->queue[f->queued++] = s;
	alive++;
	return true;
}

unsigned fuzz_flow_end(struct fuzz_flow *f, bool reset)
{
	f->eof = true;
	f->reset |= reset;
	return reset ? FLOW_FAILED : FLOW_READABLE;
}

unsigned fuzz_flow_segments(void)
{
	return alive;
}
