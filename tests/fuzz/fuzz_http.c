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
#include "tests/fuzz/flow.h"

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
	OUT_BYTES = 65536,
};

/* One connection's flow, and the things that the routes remember. */
struct world {
	struct fuzz_flow flow;
	struct http *http;
	uint64_t now_us;
	uint8_t out[OUT_BYTES];
	struct http_conn *late, *slow;
	bool body_begun;
	uint32_t random;
};

static struct world w;

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

/* The same from a store that never changes. */
static enum err get_constant(struct kv *kv, const char *key, size_t len, struct kv_value *out)
{
	enum err e = get(kv, key, len, out);
	out->bytes.owner = NULL;
	return e;
}

static const struct kv_ops kv_ops = {.get = get};
static const struct kv_ops constant_kv_ops = {.get = get_constant, .constant = true};
static struct kv kv = {&kv_ops}, constant_kv = {&constant_kv_ops};

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

/* Of any field, for those that http_select() does not look at. */
static void read_dates(struct http_conn *conn)
{
	struct http_text fields = http_fields(conn), name, value;
	uint64_t unix_s;

	while (http_next_field(&fields, &name, &value))
		assert(!http_parse_date(value, &unix_s) || unix_s <= HTTP_DATE_MAX_S);
}

static enum err upload(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	(void)arg;
	assert(request->path.at[0] == '/' && w.late == NULL);
	assert(w.body_begun == request->has_body);
	w.body_begun = false;
	read_dates(conn);
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
	{"/c/", http_serve_kv_gzip, NULL, &constant_kv, NULL, 0},
	{"/p", upload, body, NULL, gone, 1 << HTTP_PUT | 1 << HTTP_DELETE},
	{"/p", http_serve_kv, NULL, &kv, NULL, 1 << HTTP_GET},
	{NULL, NULL, NULL, NULL, NULL, 0},
};

/* --- steps ----------------------------------------------------------------------------------- */

static void event(unsigned events)
{
	fuzz_flow_raise(&w.flow, events, w.now_us);
	while (http_poll(w.http, w.now_us) <= w.now_us)
		continue;
}

static void feed(struct cursor *c, size_t len)
{
	if (fuzz_flow_feed(&w.flow, c, len))
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
		w.flow.room += n;
		event(0);
		break;
	case STEP_ROOM_MORE:
		w.flow.room += 1024u * (n + 1u);
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
		event(fuzz_flow_end(&w.flow, n == 31));
	}
}

/* Responses begin in one way, and nothing that is not ours is in them. */
static void check_output(void)
{
	static const char begin[] = "HTTP/1.1 ";
	assert(memcmp(w.out, begin, MIN(w.flow.out_bytes, sizeof(begin) - 1)) == 0);
	assert(memchr(w.out, '\x7f', w.flow.out_bytes) == NULL);
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
	fuzz_flow_init(&w.flow, 1000, w.out, sizeof(w.out));
	w.now_us = 1;
	const struct wall_clock wall = {.unix_us = UINT64_C(784111777000000), .at_us = 1};
	void *memory = malloc(http_memory_bytes(&config));
	assert(memory != NULL);
	w.http = http_init(memory, &config, &wall, w.now_us, (struct waker){0});
	http_set_routes(w.http, routes);
	http_accept(w.http, &w.flow.flow, w.now_us);

	while (c.left > 0)
		take_step(&c);
	for (unsigned i = 0; i < 4; i++) { /* no state lasts for ever */
		w.now_us += 31 * US_PER_S;
		event(0);
	}
	check_output();
	assert(w.flow.over && w.late == NULL && w.slow == NULL && !w.body_begun);
	assert(w.http->conns.used == 0 && w.http->buffers.used == 0);
	fuzz_flow_fini(&w.flow);
	assert(fuzz_flow_segments() == 0 && owner.count == 1);
	free(memory);
	return 0;
}
