/* SPDX-License-Identifier: ISC */
/*
 * An HTTP client with two calls and a server that says anything. The input is a byte that chooses
 * the requests, then a list of steps: a byte that says what happens (enum step and a number), and
 * for STEP_FEED as many bytes as its number names. When both calls have ended, everything must have
 * been given back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/cursor.h"
#include "hal/timer.h"
#include "net/http_client/http_client_internal.h"
#include "tests/fuzz/flow.h"

enum step {
	STEP_FEED,      /* the server sends the next 1 to 32 bytes, on the newest connection */
	STEP_FEED_MORE, /* 32 to 1024 */
	STEP_CONNECT,   /* a connection is established, or refused */
	STEP_ROOM,      /* it takes a few bytes more, or many */
	STEP_CALL,      /* the callers write, read and consume */
	STEP_TIME,      /* 0 to 31 times 400 ms pass */
	STEP_END,       /* the server ends its direction, or breaks the connection */
	STEP_START,     /* a call ends, and begins anew */
};

enum { CALLS = 2, FLOWS = 2 };

static struct {
	struct connector connector;
	struct connector_request *connecting[FLOWS];
	struct fuzz_flow flow[FLOWS];
	struct fuzz_flow *newest;
	struct http_client *client;
	struct http_call call[CALLS];
	bool active[CALLS];
	uint64_t to_send[CALLS];
	uint64_t now_us;
	struct ref owner;
} w;

/* --- connector ------------------------------------------------------------------------------- */

static enum err start(struct connector *c, struct connector_request *request, const char *host,
		      uint16_t port, uint64_t now_us)
{
	(void)now_us;
	assert(c == &w.connector && host[0] != '\0' && port != 0);
	for (unsigned i = 0; i < FLOWS; i++) {
		if (w.connecting[i] == NULL) {
			w.connecting[i] = request;
			return OK;
		}
	}
	return ERR_NOMEM;
}

static void cancel(struct connector *c, struct connector_request *request)
{
	(void)c;
	for (unsigned i = 0; i < FLOWS; i++) {
		if (w.connecting[i] == request) {
			w.connecting[i] = NULL;
			return;
		}
	}
	assert(false); /* it was not being connected */
}

static const struct connector_ops connector_ops = {.start = start, .cancel = cancel};

static void connect_one(unsigned n)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		struct connector_request *r = w.connecting[i];
		struct fuzz_flow *f = w.flow[0].over ? &w.flow[0] : &w.flow[1];
		if (r == NULL)
			continue;
		assert(f->over);
		w.connecting[i] = NULL;
		r->error = n == 31 ? ERR_REFUSED : OK;
		if (r->error == OK) {
			fuzz_flow_fini(f);
			fuzz_flow_init(f, n * 8, NULL, 0);
			w.newest = f;
			r->flow = &f->flow;
		}
		r->done(r, w.now_us);
		return;
	}
}

/* --- calls ----------------------------------------------------------------------------------- */

static void owner_release(struct ref *ref)
{
	(void)ref;
	assert(false); /* the owner's own reference is never dropped */
}

static void start_call(unsigned i, unsigned kind)
{
	static const char *const urls[] = {"http://a/x/y?z", "http://a:81/", "http://[::1]/"};
	static uint8_t body[HTTP_EXPECT_BYTES];
	struct http_client_request r = {.method = kind % 6, .url = urls[kind % 3]};

	w.to_send[i] = 0;
	if (r.method >= HTTP_POST && (kind & 8) != 0) {
		r.upload = true;
		r.upload_bytes = (kind & 16) != 0 ? HTTP_LENGTH_UNKNOWN : 100;
		w.to_send[i] = 100;
	} else if (r.method >= HTTP_POST) {
		r.body = (struct slice){body, (kind & 16) != 0 ? sizeof(body) : 20, &w.owner};
	}
	enum err e = http_call_start(&w.call[i], w.client, &r, (struct waker){0}, w.now_us);
	assert(e == OK);
	w.active[i] = true;
}

static void end_call(unsigned i)
{
	if (w.active[i])
		http_call_end(&w.call[i]);
	w.active[i] = false;
}

static void send_some(unsigned i, unsigned n)
{
	static const char bytes[100];
	struct http_call *call = &w.call[i];

	if (!call->request.upload || call->sending == HTTP_SEND_DONE)
		return;
	if (w.to_send[i] == 0) {
		(void)!http_call_finish(call);
		return;
	}
	size_t len = (size_t)MIN(w.to_send[i], (uint64_t)n + 1);
	if (call->chunk_left > 0)
		len = MIN(MAX(len, call->chunk_left), (size_t)w.to_send[i]);
	ssize_t taken = http_call_write(call, bytes, len);
	if (taken > 0)
		w.to_send[i] -= (uint64_t)taken;
}

static void use_call(unsigned i, unsigned n)
{
	struct http_call *call = &w.call[i];
	struct http_client_response response;
	struct slice run;

	if (!w.active[i])
		return;
	send_some(i, n);
	if (http_call_response(call, &response) == OK) {
		struct http_text name, value;
		assert(response.status >= 200 && response.status <= 599);
		while (http_next_field(&response.fields, &name, &value))
			assert(name.len > 0);
	}
	if (http_call_read(call, &run) == OK) {
		assert(run.len > 0);
		(void)!memchr(run.data, 0, run.len); /* ASan sees whether it is there */
		http_call_consume(call, n == 31 ? run.len : MIN(run.len, (size_t)n));
	}
}

/* --- steps ----------------------------------------------------------------------------------- */

static void event(struct fuzz_flow *f, unsigned events)
{
	if (f != NULL && events != 0)
		fuzz_flow_raise(f, events, w.now_us);
	while (http_client_poll(w.client, w.now_us) <= w.now_us)
		continue;
}

static void feed(struct cursor *c, size_t len)
{
	if (w.newest != NULL && fuzz_flow_feed(w.newest, c, len))
		event(w.newest, FLOW_READABLE);
}

static void end_flow(unsigned n)
{
	if (w.newest != NULL && !w.newest->over)
		event(w.newest, fuzz_flow_end(w.newest, n == 31));
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
	case STEP_CONNECT:
		connect_one(n);
		break;
	case STEP_ROOM:
		if (w.newest != NULL)
			w.newest->room += n == 31 ? 1u << 20 : n;
		event(w.newest, w.newest != NULL && w.newest->short_write ? FLOW_DRAINED : 0);
		break;
	case STEP_CALL:
		use_call(n & 1, n >> 1);
		break;
	case STEP_TIME:
		w.now_us += n * 400u * US_PER_MS;
		break;
	case STEP_END:
		end_flow(n);
		break;
	default:
		end_call(n & 1);
		start_call(n & 1, n >> 1);
	}
	event(NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_client_config config = http_client_config_default;
	struct cursor c = cursor_over(data, size);

	memset(&w, 0, sizeof(w));
	w.connector.ops = &connector_ops;
	w.owner = (struct ref){1, owner_release};
	w.flow[0].over = w.flow[1].over = true; /* not open yet */
	w.now_us = 1;
	config.connections = FLOWS;
	config.header_bytes = 1400;
	config.body_bytes_max = 3000;
	void *memory = malloc(http_client_memory_bytes(&config));
	assert(memory != NULL);
	w.client = http_client_init(memory, &config, &w.connector, (struct waker){0});

	if (c.left > 0)
		start_call(0, cursor_u8(&c));
	while (c.left > 0)
		take_step(&c);
	end_call(0);
	end_call(1);
	for (unsigned i = 0; i < 3; i++) { /* nothing is kept for ever */
		w.now_us += 31 * US_PER_S;
		event(NULL, 0);
	}
	assert(w.client->links.used == 0 && list_empty(&w.client->queue));
	assert(w.flow[0].over && w.flow[1].over);
	fuzz_flow_fini(&w.flow[0]);
	fuzz_flow_fini(&w.flow[1]);
	assert(w.connecting[0] == NULL && w.connecting[1] == NULL);
	assert(fuzz_flow_segments() == 0 && w.owner.count == 1);
	free(memory);
	return 0;
}
