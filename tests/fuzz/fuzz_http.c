/* SPDX-License-Identifier: ISC */
/*
 * A server with routes of every kind, and one connection. The input is a list of steps: a byte
 * that says what happens (enum step and a number), and for STEP_FEED as many bytes as its number
 * names. What comes back must look like responses; when the peer is gone, everything must have been
 * given back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/cursor.h"
#include "hal/timer.h"
#include "net/http/http.h"
#include "net/http/http_internal.h"

enum step {
	STEP_FEED,      /* a segment of the next 1 to 32 bytes */
	STEP_FEED_MORE, /* of 32 to 1024 */
	STEP_ROOM,      /* the flow takes 0 to 31 bytes more */
	STEP_ROOM_MORE, /* 1 KiB to 32 KiB */
	STEP_TIME,      /* 0 to 31 times 400 ms pass */
	STEP_WAKE,      /* late answers and slow sources get on */
	STEP_END,       /* the peer ends its direction, or breaks the connection */
};

enum {
	SEGMENTS = 64,
	SEGMENT_BYTES = 1024,
	OUT_BYTES = 65536,
	HELD = 256,
};

struct segment {
	struct ref ref;
	size_t at, len;
	uint8_t bytes[SEGMENT_BYTES];
};

/* One connection's flow, and the things that the routes remember. */
struct world {
	struct flow flow;
	struct http *http;
	uint64_t now_us;
	struct segment *queue[SEGMENTS];
	unsigned queued, alive;
	bool eof, reset, shut_down, over;
	size_t room;
	bool short_write;
	char out[OUT_BYTES];
	size_t out_bytes;
	struct ref *held[HELD];
	unsigned n_held;
	struct http_conn *late, *slow;
	bool body_begun;
	uint32_t random;
};

static struct world w;

/* --- flow ------------------------------------------------------------------------------------ */

static void segment_release(struct ref *ref)
{
	w.alive--;
	free(container_of(ref, struct segment, ref));
}

static void drop_first(void)
{
	ref_put(&w.queue[0]->ref);
	memmove(w.queue, w.queue + 1, --w.queued * sizeof(w.queue[0]));
}

static enum err fuzz_read(struct flow *f, struct slice *out)
{
	(void)f;
	assert(!w.over);
	if (w.reset)
		return ERR_RESET;
	if (w.queued == 0)
		return w.eof ? ERR_EOF : ERR_AGAIN;
	struct segment *s = w.queue[0];
	*out = (struct slice){s->bytes + s->at, s->len - s->at, &s->ref};
	return OK;
}

static void fuzz_consume(struct flow *f, size_t bytes)
{
	(void)f;
	assert(!w.over);
	while (bytes > 0) {
		assert(w.queued > 0);
		struct segment *s = w.queue[0];
		size_t n = MIN(bytes, s->len - s->at);
		s->at += n;
		bytes -= n;
		if (s->at == s->len)
			drop_first();
	}
}

static ssize_t take(const void *bytes, size_t len)
{
	size_t n = MIN(MIN(len, w.room), OUT_BYTES - w.out_bytes);
	assert(!w.over);
	if (w.reset)
		return ERR_RESET;
	assert(!w.shut_down);
	if (n > 0)
		memcpy(w.out + w.out_bytes, bytes, n);
	w.out_bytes += n;
	w.room -= n;
	w.short_write |= n < len;
	return n == 0 && len > 0 ? ERR_AGAIN : (ssize_t)n;
}

static ssize_t fuzz_write(struct flow *f, const struct slice *slices, unsigned n)
{
	ssize_t all = 0;
	(void)f;
	for (unsigned i = 0; i < n; i++) {
		ssize_t taken = take(slices[i].data, slices[i].len);
		if (taken < 0)
			return all > 0 ? all : taken;
		if (taken > 0 && slices[i].owner != NULL && w.n_held < HELD) {
			ref_get(slices[i].owner);
			w.held[w.n_held++] = slices[i].owner;
		}
		all += taken;
		if ((size_t)taken < slices[i].len)
			break;
	}
	return all;
}

static ssize_t fuzz_write_copy(struct flow *f, const void *bytes, size_t len)
{
	(void)f;
	return take(bytes, len);
}

static void fuzz_shutdown(struct flow *f)
{
	(void)f;
	assert(!w.over);
	w.shut_down = true;
}

static void fuzz_close(struct flow *f)
{
	(void)f;
	assert(!w.over);
	w.over = true;
	while (w.queued > 0)
		drop_first();
}

static enum err fuzz_error(struct flow *f)
{
	(void)f;
	return w.reset ? ERR_RESET : OK;
}

static const struct flow_ops ops = {
	.read = fuzz_read,
	.consume = fuzz_consume,
	.write = fuzz_write,
	.write_copy = fuzz_write_copy,
	.shutdown = fuzz_shutdown,
	.close = fuzz_close,
	.abort = fuzz_close,
	.error = fuzz_error,
};

/* --- routes ---------------------------------------------------------------------------------- */

static void owner_release(struct ref *ref)
{
	(void)ref;
	assert(false); /* the owner's own reference is never dropped */
}

static struct ref owner = {1, owner_release};
static const char content[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static enum err get(struct kv *kv, const char *key, size_t len, struct kv_value *out)
{
	(void)kv;
	assert(memchr(key, '\0', len) == NULL);
	if (len > 0 && key[0] == 'x')
		return ERR_NOTFOUND;
	out->bytes = (struct slice){(const uint8_t *)content, len % sizeof(content), &owner};
	out->version = 1;
	return OK;
}

static const struct kv_ops kv_ops = {get};
static struct kv kv = {&kv_ops};

static enum err next_run(struct http_source *s, uint64_t offset, struct slice *out)
{
	(void)s;
	w.random = w.random * 1103515245 + 12345;
	unsigned luck = w.random >> 16;
	if (offset >= sizeof(content))
		return ERR_EOF;
	if (luck % 4 == 0)
		return ERR_AGAIN;
	if (luck % 64 == 1)
		return ERR_IO;
	size_t left = sizeof(content) - (size_t)offset;
	*out = (struct slice){(const uint8_t *)content + offset, 1 + luck % left, &owner};
	return OK;
}

static void source_done(struct http_source *s)
{
	(void)s;
	w.slow = NULL;
}

static struct http_source source = {next_run, source_done};

static enum err stream(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	(void)request;
	assert(w.slow == NULL);
	w.slow = conn;
	response->etag = 2;
	response->source = &source;
	response->source_bytes = arg != NULL ? sizeof(content) : HTTP_LENGTH_UNKNOWN;
	return OK;
}

static enum err upload(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	(void)arg;
	assert(request->path.at[0] == '/' && w.late == NULL);
	assert(w.body_begun == request->has_body);
	w.body_begun = false;
	if (request->query.len > 0) {
		w.late = conn;
		return ERR_AGAIN;
	}
	response->status = 201;
	return OK;
}

static enum err body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	(void)arg;
	(void)conn;
	assert(bytes.len > 0 || last);
	w.body_begun = bytes.len == 0 || bytes.data[0] != '!';
	return w.body_begun ? OK : ERR_INVALID;
}

static void gone(void *arg, struct http_conn *conn)
{
	(void)arg;
	assert(w.late == conn || w.body_begun);
	w.late = NULL;
	w.body_begun = false;
}

static const struct http_route routes[] = {
	{"/", http_serve_kv, NULL, &kv, NULL, 0},
	{"/s", stream, NULL, NULL, NULL, 0},
	{"/l", stream, NULL, &w, NULL, 0},
	{"/u", upload, body, NULL, gone, 0},
	{"/u/", upload, body, NULL, gone, 0},
	{"/g/", http_serve_kv_gzip, NULL, &kv, NULL, 0},
	{"/p", upload, body, NULL, gone, 1 << HTTP_PUT | 1 << HTTP_DELETE},
	{"/p", http_serve_kv, NULL, &kv, NULL, 1 << HTTP_GET},
	{NULL, NULL, NULL, NULL, NULL, 0},
};

/* --- steps ----------------------------------------------------------------------------------- */

static void event(unsigned events)
{
	if (w.short_write && w.room > 0) {
		events |= FLOW_WRITABLE;
		w.short_write = false;
	}
	if (!w.over && events != 0)
		w.flow.event(&w.flow, w.flow.arg, events, w.now_us);
	while (http_poll(w.http, w.now_us) <= w.now_us)
		continue;
}

static void feed(struct cursor *c, size_t len)
{
	len = MIN(len, c->left);
	if (w.over || w.queued == SEGMENTS || w.eof || len == 0)
		return;
	struct segment *s = malloc(sizeof(*s) - SEGMENT_BYTES + len); /* no longer: for ASan */
	assert(s != NULL);
	s->ref = (struct ref){1, segment_release};
	s->at = 0;
	s->len = len;
	memcpy(s->bytes, cursor_bytes(c, len), len);
	w.queue[w.queued++] = s;
	w.alive++;
	event(FLOW_READABLE);
}

static void wake(void)
{
	static const struct http_response done = {.status = 200,
						  .body = {(const uint8_t *)"ok", 2, NULL}};
	struct http_conn *late = w.late;
	w.late = NULL;
	if (late != NULL)
		http_respond(late, &done);
	if (w.slow != NULL)
		http_wake(w.slow);
	event(0);
}

static void take_step(struct cursor *c)
{
	uint8_t what = cursor_u8(c), n = what >> 3;
	switch (what & 7) {
	case STEP_FEED:
		feed(c, n + 1u);
		break;
	case STEP_FEED_MORE:
		feed(c, 32u * (n + 1u));
		break;
	case STEP_ROOM:
		w.room += n;
		event(0);
		break;
	case STEP_ROOM_MORE:
		w.room += 1024u * (n + 1u);
		event(0);
		break;
	case STEP_TIME:
		w.now_us += n * 400u * US_PER_MS;
		event(0);
		break;
	case STEP_WAKE:
		wake();
		break;
	default:
		w.eof = true;
		w.reset |= n == 31;
		event(n == 31 ? FLOW_FAILED : FLOW_READABLE);
	}
}

/* Responses begin in one way, and nothing that is not ours is in them. */
static void check_output(void)
{
	static const char begin[] = "HTTP/1.1 ";
	assert(memcmp(w.out, begin, MIN(w.out_bytes, sizeof(begin) - 1)) == 0);
	assert(memchr(w.out, '\x7f', w.out_bytes) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct http_config config = {
		.connections = 1,
		.header_buffers = 1,
		.header_timeout_us = 10 * US_PER_S,
		.idle_timeout_us = 30 * US_PER_S,
		.body_timeout_us = 20 * US_PER_S,
		.body_bytes_max = 2000,
	};
	struct cursor c = cursor_over(data, size);
	memset(&w, 0, sizeof(w));
	w.flow.ops = &ops;
	w.room = 1000;
	w.now_us = 1;
	const struct wall_clock wall = {.unix_us = UINT64_C(784111777000000), .at_us = 1};
	void *memory = malloc(http_memory_bytes(&config));
	assert(memory != NULL);
	w.http = http_init(memory, &config, &wall, w.now_us, (struct waker){0});
	http_set_routes(w.http, routes);
	http_accept(w.http, &w.flow, w.now_us);

	while (c.left > 0)
		take_step(&c);
	for (unsigned i = 0; i < 4; i++) { /* no state lasts for ever */
		w.now_us += 31 * US_PER_S;
		event(0);
	}
	check_output();
	assert(w.over && w.late == NULL && w.slow == NULL && !w.body_begun);
	assert(w.http->conns.used == 0 && w.http->buffers.used == 0);
	while (w.n_held > 0)
		ref_put(w.held[--w.n_held]);
	assert(w.alive == 0 && owner.count == 1);
	free(memory);
	return 0;
}
