/* SPDX-License-Identifier: ISC */
/*
 * One exchange on a connection. http_exchange_run() takes steps of both halves until neither gets
 * on; what belongs to the caller, the body of the response and of an upload, is left to the calls.
 */
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/text.h"
#include "net/http/http_out.h"
#include "net/http_client/http_client_internal.h"

enum step {
	STEP_ON,
	STEP_WAIT,
	STEP_GONE, /* the link is not the call's any more, or begins anew */
};

static enum step fail(struct http_link *link, enum err e)
{
	link->client->stats.malformed++;
	http_call_fail(link->call, e);
	return STEP_GONE;
}

/* --- the request ----------------------------------------------------------------------------- */

/* In the order of enum http_method. */
static const char methods[] = "GET \0HEAD \0POST \0PUT \0DELETE \0PATCH \0";

static void put_framing(struct http_out *o, const struct http_call *call)
{
	const struct http_client_request *r = &call->request;
	uint64_t bytes = r->upload ? r->upload_bytes : r->body.len;

	if (bytes == HTTP_LENGTH_UNKNOWN) {
		http_put_text(o, "Transfer-Encoding: chunked\r\n");
	} else if (bytes > 0 || r->method == HTTP_POST || r->method == HTTP_PUT ||
		   r->method == HTTP_PATCH) {
		http_put_text(o, "Content-Length: ");
		http_put_number(o, bytes);
		http_put_end_of_line(o);
	}
	if (call->expects)
		http_put_text(o, "Expect: 100-continue\r\n");
}

/* Writes the request's header to link->header. False if it has no room. */
static bool emit(struct http_link *link)
{
	const struct http_call *call = link->call;
	const struct http_url *url = &link->url;
	struct http_out o = {.at = link->header,
			     .end = link->header + link->client->config.header_bytes};

	http_put_text(&o, text_at(methods, call->request.method));
	if (url->target.len == 0 || url->target.at[0] != '/')
		http_put_text(&o, "/");
	http_put_bytes(&o, url->target.at, url->target.len);
	http_put_text(&o, " HTTP/1.1\r\nHost: ");
	http_put_bytes(&o, url->authority.at, url->authority.len);
	http_put_text(&o, "\r\nAccept-Encoding: identity\r\n");
	put_framing(&o, call);
	if (call->request.fields != NULL && !call->other_host)
		http_put_text(&o, call->request.fields);
	http_put_end_of_line(&o);
	link->header_bytes = (uint16_t)(o.at - link->header);
	return !o.full;
}

void http_exchange_begin(struct http_link *link)
{
	struct http_call *call = link->call;
	struct slice early;

	link->header_sent = 0;
	link->answered = false;
	link->scan = (struct http_scan){0};
	if (!emit(link)) {
		http_call_fail(call, ERR_RANGE);
		return;
	}
	/* Bytes that are here before the request belong to none. */
	enum err e = flow_read(link->flow, &early);
	if (e != ERR_AGAIN) {
		http_exchange_broken(link, e == OK ? ERR_INVALID : e);
		return;
	}
	call->sending = HTTP_SEND_HEADER;
	http_exchange_run(link);
}

static enum step after_write(struct http_link *link, ssize_t n)
{
	if (n >= 0)
		return STEP_ON;
	if (n == ERR_AGAIN)
		return STEP_WAIT;
	http_exchange_broken(link, (enum err)n);
	return STEP_GONE;
}

static enum step send_header(struct http_link *link)
{
	struct http_call *call = link->call;
	size_t sent = link->header_sent, left = link->header_bytes - sent;

	ssize_t n = flow_write_copy(link->flow, link->header + sent, left);
	if (n > 0)
		link->header_sent = (uint16_t)(sent + (size_t)n);
	if (n != (ssize_t)left)
		return after_write(link, n);
	link->header_bytes = 0; /* room for the response's */
	if (call->expects) {
		call->sending = HTTP_SEND_CONTINUE;
		http_link_restart(link);
	} else {
		bool body = call->request.upload || call->request.body.len > 0;
		call->sending = body ? HTTP_SEND_BODY : HTTP_SEND_DONE;
	}
	return STEP_ON;
}

/* A body in memory. */
static enum step send_body(struct http_link *link)
{
	struct http_call *call = link->call;
	struct slice rest = call->request.body;

	if (call->request.upload)
		return STEP_WAIT;
	rest.data += call->sent;
	rest.len -= (size_t)call->sent;
	ssize_t n = flow_write(link->flow, &rest, 1);
	if (n > 0) {
		call->sent += (uint64_t)n;
		link->client->stats.bytes_out += (uint64_t)n;
	}
	if (n == (ssize_t)rest.len)
		call->sending = HTTP_SEND_DONE;
	return after_write(link, n);
}

static enum step send_step(struct http_link *link)
{
	switch (link->call->sending) {
	case HTTP_SEND_HEADER:
		return send_header(link);
	case HTTP_SEND_BODY:
		return send_body(link);
	default:
		return STEP_WAIT;
	}
}

/* --- redirection ----------------------------------------------------------------------------- */

static bool find_location(const struct http_link *link, struct http_text *location)
{
	size_t at = link->call->head.fields_at;
	struct http_text fields = {link->header + at, link->header_bytes - at};

	return http_find_field(&fields, "location\0", location) >= 0;
}

/*
 * RFC 9110 section 15.4: what the request becomes by this status, or false if it must not be
 * repeated: because it is none of a redirection, or what it sent cannot be sent again.
 */
static bool redirected_method(const struct http_call *call, enum http_method *method)
{
	unsigned status = call->head.status;

	*method = call->request.method;
	if (status == 303 && *method != HTTP_HEAD)
		*method = HTTP_GET;
	else if ((status == 301 || status == 302) && *method == HTTP_POST)
		*method = HTTP_GET; /* as everybody does */
	else if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)
		return false;
	return *method != call->request.method || !call->request.upload;
}

static void drop_body(struct http_client_request *request)
{
	ref_put(request->body.owner);
	request->body = (struct slice){0};
	request->upload = false;
}

/* Sends the request to `url`; on this connection if it leads there and is free. */
static void send_elsewhere(struct http_link *link, const char *url, size_t len)
{
	struct http_call *call = link->call;
	struct http_url next;
	bool is_free = http_body_kind(&call->head, call->request.method) == HTTP_BODY_NONE &&
		       (call->head.flags & HTTP_CLOSE) == 0 && call->sending == HTTP_SEND_DONE;

	enum err e = http_url_parse(&next, (struct http_text){url, len});
	assert(e == OK);
	bool same = http_text_same(next.authority, link->url.authority);
	call->other_host |= !same;
	http_link_set_url(link, url, len);
	link->client->stats.redirected++;
	if (!same || !is_free)
		http_link_disconnect(link);
	http_link_begin(link);
}

/* Follows a redirection. STEP_WAIT: it is none that can be followed, so the caller gets it. */
static GUARDED enum step redirect(struct http_link *link)
{
	struct http_call *call = link->call;
	struct http_text location;
	enum http_method method;
	char url[HTTP_URL_BYTES_MAX];
	size_t len;

	if (!redirected_method(call, &method) || !find_location(link, &location) ||
	    call->redirects == link->client->config.redirects ||
	    http_url_resolve(&link->url, location, url, &len) != OK)
		return STEP_WAIT;
	call->redirects++;
	if (method != call->request.method)
		drop_body(&call->request);
	call->request.method = method;
	send_elsewhere(link, url, len);
	return STEP_GONE;
}

/* --- the response ---------------------------------------------------------------------------- */

/* 1xx (RFC 9110 section 15.2): only that to go on says anything here, and none has a body. */
static enum step take_interim(struct http_link *link)
{
	struct http_call *call = link->call;

	if (call->head.status == 101 || (call->head.flags & (HTTP_LENGTH | HTTP_CODING)) != 0 ||
	    ++call->interim > HTTP_INTERIM_MAX)
		return fail(link, ERR_INVALID);
	if (call->head.status == 100 && call->sending == HTTP_SEND_CONTINUE)
		call->sending = HTTP_SEND_BODY;
	link->header_bytes = 0;
	link->scan = (struct http_scan){0};
	return STEP_ON;
}

static enum step take_final(struct http_link *link)
{
	struct http_call *call = link->call;

	enum step step = redirect(link);
	if (step == STEP_GONE)
		return step;
	enum http_body_kind kind = http_body_kind(&call->head, call->request.method);
	if (kind == HTTP_BODY_UNTIL_CLOSE)
		call->head.flags |= HTTP_CLOSE;
	if (kind == HTTP_BODY_FRAMED && call->head.body_bytes > link->client->config.body_bytes_max)
		return fail(link, ERR_RANGE);
	bool known = (call->head.flags & HTTP_LENGTH) != 0;
	call->bytes = kind == HTTP_BODY_NONE ? 0
		      : known                ? call->head.body_bytes
					     : HTTP_LENGTH_UNKNOWN;
	call->receiving = kind == HTTP_BODY_NONE ? HTTP_AWAIT_NOTHING : HTTP_AWAIT_BODY;
	return STEP_ON;
}

static enum step header_complete(struct http_link *link)
{
	struct http_call *call = link->call;

	enum err e = http_parse_response(&call->head, link->header, link->header_bytes);
	if (e != OK)
		return fail(link, e);
	return call->head.status < 200 ? take_interim(link) : take_final(link);
}

static enum step take_header(struct http_link *link, const struct slice *s)
{
	size_t before = link->header_bytes, room = link->client->config.header_bytes - before;
	size_t n = MIN(s->len, room);

	link->answered = true;
	memcpy(link->header + before, s->data, n);
	switch (http_scan(&link->scan, (const uint8_t *)link->header, before + n)) {
	case HTTP_SCAN_DONE:
		link->header_bytes = link->scan.at;
		flow_consume(link->flow, link->scan.at - before);
		return header_complete(link);
	case HTTP_SCAN_MORE:
		link->header_bytes = (uint16_t)(before + n);
		flow_consume(link->flow, n);
		return n < room ? STEP_ON : fail(link, ERR_RANGE);
	default:
		return fail(link, ERR_INVALID);
	}
}

static enum step receive_step(struct http_link *link)
{
	struct http_call *call = link->call;
	struct slice s;

	/* The memory for it holds the request's header until that is sent. */
	if (call->receiving != HTTP_AWAIT_HEADER || call->sending <= HTTP_SEND_HEADER)
		return STEP_WAIT;
	enum err e = flow_read(link->flow, &s);
	if (e == ERR_AGAIN)
		return STEP_WAIT;
	if (e == OK)
		return take_header(link, &s);
	http_exchange_broken(link, e);
	return STEP_GONE;
}

/* --- together -------------------------------------------------------------------------------- */

void http_exchange_run(struct http_link *link)
{
	struct http_call *call = link->call;
	enum step sent, received = STEP_ON;

	do {
		sent = send_step(link);
		if (sent != STEP_GONE)
			received = receive_step(link);
	} while (sent != STEP_GONE && received != STEP_GONE &&
		 (sent == STEP_ON || received == STEP_ON));
	waker_wake(&call->waker);
}

/* RFC 9110 section 9.2.2. */
static bool is_idempotent(enum http_method method)
{
	return method != HTTP_POST && method != HTTP_PATCH;
}

void http_exchange_broken(struct http_link *link, enum err e)
{
	struct http_call *call = link->call;
	bool again = link->kept && !link->answered && !call->retried &&
		     call->receiving == HTTP_AWAIT_HEADER && is_idempotent(call->request.method) &&
		     !http_upload_begun(call);

	if (again) {
		call->retried = true;
		link->client->stats.retried++;
		http_link_disconnect(link);
		http_call_reset(call);
		e = http_link_connect(link);
		if (e == OK)
			return;
	}
	link->client->stats.broken++;
	http_call_fail(call, e == ERR_EOF ? ERR_RESET : e);
}

void http_exchange_event(struct flow *flow, void *arg, unsigned events, uint64_t now_us)
{
	struct http_link *link = arg;

	link->client->now_us = now_us;
	if (link->call == NULL) {
		if ((events & (FLOW_READABLE | FLOW_FAILED)) != 0)
			http_link_release(link); /* the server closes it, or speaks unasked */
		return;
	}
	if (!http_awaits_continue(link->call))
		http_link_restart(link);
	if ((events & FLOW_FAILED) != 0 && link->call->receiving != HTTP_AWAIT_NOTHING)
		http_exchange_broken(link, flow_error(flow));
	else
		http_exchange_run(link);
}
