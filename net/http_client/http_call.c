/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "net/http_client/http_client_internal.h"

enum {
	/* What a request's header holds besides URL and fields, at most. */
	REQUEST_HEADER_BYTES = 192,
};

/* --- beginning and end ----------------------------------------------------------------------- */

static enum err check(const struct http_client *client, const struct http_client_request *request)
{
	size_t len = strlen(request->url), fields = 0;
	struct http_url url;

	assert(request->method < HTTP_OTHER && (!request->upload || request->body.len == 0));
	if (request->fields != NULL)
		fields = strlen(request->fields);
	if (len > HTTP_URL_BYTES_MAX)
		return ERR_RANGE;
	enum err e = http_url_parse(&url, (struct http_text){request->url, len});
	if (e != OK)
		return e;
	if (len + fields + REQUEST_HEADER_BYTES > client->config.header_bytes)
		return ERR_RANGE;
	return url.host.len < HTTP_HOST_BYTES ? OK : ERR_INVALID;
}

enum err http_call_start(struct http_call *call, struct http_client *client,
			 const struct http_client_request *request, struct waker waker,
			 uint64_t now_us)
{
	enum err e = check(client, request);
	if (e != OK)
		return e;
	memset(call, 0, sizeof(*call));
	call->client = client;
	call->request = *request;
	call->waker = waker;
	list_init(&call->node);
	ref_get(call->request.body.owner);
	http_call_reset(call);
	client->now_us = now_us;
	client->stats.calls++;
	if (list_empty(&client->queue))
		http_link_assign(client, call);
	else
		list_push_back(&client->queue, &call->node);
	client->stats.queued += list_linked(&call->node);
	return OK;
}

void http_call_reset(struct http_call *call)
{
	const struct http_client_request *r = &call->request;

	call->head = (struct http_head){0};
	call->chunked = (struct http_chunked){0};
	call->sent = 0;
	call->interim = 0;
	call->sending = HTTP_SEND_NOTHING_YET;
	call->receiving = HTTP_AWAIT_HEADER;
	call->expects = (r->upload ? r->upload_bytes : r->body.len) >= HTTP_EXPECT_BYTES;
}

/* Bytes that are lent stay until the end of the call. */
void http_call_fail(struct http_call *call, enum err e)
{
	call->error = e;
	call->receiving = HTTP_AWAIT_FAILED;
	if (call->run_left == 0 && call->link != NULL)
		http_link_release(call->link);
	waker_wake(&call->waker);
}

void http_call_end(struct http_call *call)
{
	list_remove(&call->node);
	if (call->link != NULL)
		http_link_release(call->link);
	ref_put(call->request.body.owner);
	call->request.body = (struct slice){0};
}

enum err http_call_wait(struct http_call *call)
{
	/* The time limit is for the wait, not for what the caller did before. */
	if (!call->waiting && call->link != NULL && !http_awaits_continue(call))
		http_link_restart(call->link);
	call->waiting = true;
	return ERR_AGAIN;
}

/* --- the response ---------------------------------------------------------------------------- */

enum err http_call_response(struct http_call *call, struct http_client_response *response)
{
	if (call->receiving == HTTP_AWAIT_FAILED)
		return call->error;
	if (call->receiving == HTTP_AWAIT_HEADER)
		return http_call_wait(call);
	call->waiting = false;
	size_t at = call->head.fields_at;
	response->status = call->head.status;
	response->bytes = call->bytes;
	response->fields =
		(struct http_text){call->link->header + at, call->link->header_bytes - at};
	return OK;
}

/* Finds out how much of `s`, received bytes, is data: the first call->run_left bytes of *s. */
static enum err decode(struct http_call *call, struct slice *s)
{
	struct http_run run = {.used = s->len, .data = s->len};

	if ((call->head.flags & (HTTP_LENGTH | HTTP_CHUNKED)) != 0) {
		enum err e = http_body_decode(&call->head, &call->chunked, s->data, s->len, &run);
		if (e != OK)
			return e;
	} else {
		call->head.body_bytes += run.data;
	}
	flow_consume(call->link->flow, run.used - run.data);
	s->data += run.used - run.data;
	s->len = run.data;
	call->run_left = run.data;
	call->last_run = run.last;
	/* Of a body with a length, which was checked before, this is what is left. */
	return call->head.body_bytes <= call->client->config.body_bytes_max ? OK : ERR_RANGE;
}

static enum err malformed(struct http_call *call, enum err e)
{
	call->run_left = 0;
	call->client->stats.malformed++;
	http_call_fail(call, e);
	return e;
}

/* The connection has ended, or failed. */
static enum err body_ended(struct http_call *call, enum err e)
{
	bool until_close = (call->head.flags & (HTTP_LENGTH | HTTP_CHUNKED)) == 0;

	if (e == ERR_EOF && until_close) {
		call->receiving = HTTP_AWAIT_NOTHING;
		return e;
	}
	http_exchange_broken(call->link, e);
	return call->error;
}

static enum err read_body(struct http_call *call, struct slice *out)
{
	enum err e;

	while ((e = flow_read(call->link->flow, out)) == OK) {
		if (call->run_left == 0) {
			e = decode(call, out);
			if (e != OK)
				return malformed(call, e);
		}
		if (call->run_left > 0) {
			out->len = MIN(out->len, call->run_left);
			call->waiting = false;
			return OK;
		}
		if (call->last_run) {
			call->receiving = HTTP_AWAIT_NOTHING;
			return ERR_EOF;
		}
	}
	return e == ERR_AGAIN ? http_call_wait(call) : body_ended(call, e);
}

enum err http_call_read(struct http_call *call, struct slice *out)
{
	switch (call->receiving) {
	case HTTP_AWAIT_HEADER:
		return http_call_wait(call);
	case HTTP_AWAIT_BODY:
		return read_body(call, out);
	case HTTP_AWAIT_NOTHING:
		return ERR_EOF;
	default:
		return call->error;
	}
}

void http_call_consume(struct http_call *call, size_t bytes)
{
	assert(bytes <= call->run_left);
	call->run_left -= bytes;
	call->client->stats.bytes_in += bytes;
	if (call->receiving != HTTP_AWAIT_BODY)
		return; /* the connection is broken; its bytes go with it */
	flow_consume(call->link->flow, bytes);
	if (call->run_left == 0 && call->last_run)
		call->receiving = HTTP_AWAIT_NOTHING;
}
