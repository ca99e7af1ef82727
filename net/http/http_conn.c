/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_internal.h"

#include "base/counter.h"

enum {
	/* Empty lines before a request that are forgiven (RFC 9112 section 2.2). */
	BLANK_LINES_MAX = 4,
};

void http_conn_reset(struct http_conn *c)
{
	c->head = (struct http_head){0};
	c->route = NULL;
	c->header_bytes = 0;
	c->scan = (struct http_scan){0};
	c->blank_lines = 0;
	c->state = HTTP_READ_HEADER;
}

void http_conn_release_header(struct http_conn *c)
{
	ref_put(c->held);
	c->held = NULL;
	if (c->buffer != NULL)
		pool_put(&c->http->buffers, c->buffer);
	c->buffer = NULL;
	c->header = NULL;
}

void http_conn_tell_gone(struct http_conn *c)
{
	if (c->told && c->route->gone != NULL)
		c->route->gone(c->route->arg, c);
	c->told = false;
}

SELDOM enum http_step http_conn_refuse(struct http_conn *c, unsigned status)
{
	struct http_stats *stats = &c->http->stats;
	COUNT_AT(status == 503 ? &stats->rejected : &stats->bad_requests);
	http_reply_refuse(c, status);
	return HTTP_ON;
}

enum http_step http_conn_answer(struct http_conn *c, unsigned status)
{
	http_reply_status(c, status);
	return HTTP_ON;
}

/* --- header ---------------------------------------------------------------------------------- */

/* Decodes the path, where it lies if that is a buffer of ours, else in one. 0 or a status. */
static unsigned normalise_path(struct http_conn *c)
{
	struct http_text *path = &c->head.request.path;
	if ((c->head.flags & HTTP_ENCODED) == 0)
		return 0;
	if (c->buffer == NULL) {
		c->buffer = pool_get(&c->http->buffers);
		if (c->buffer == NULL)
			return 503;
		memcpy(c->buffer, path->at, path->len);
		path->at = (const char *)c->buffer;
	}
	char *at = (char *)c->buffer + (path->at - (const char *)c->buffer);
	return http_normalise_path(at, &path->len) ? 0 : 400;
}

/* The header is parsed, with this outcome. */
static enum http_step header_complete(struct http_conn *c, unsigned status)
{
	c->http->stats.requests++;
	c->body_left = c->head.request.has_body;
	if (status == 0)
		status = normalise_path(c);
	return status == 0 ? http_dispatch(c) : http_conn_refuse(c, status);
}

static enum http_step skip_blank_line(struct http_conn *c, size_t used)
{
	http_conn_release_header(c);
	c->scan = (struct http_scan){0};
	c->header_bytes = 0;
	flow_consume(c->flow, used);
	return ++c->blank_lines > BLANK_LINES_MAX ? http_conn_refuse(c, 400) : HTTP_ON;
}

/* No end in all there is of the header: it is collected in a buffer. */
static enum http_step header_goes_on(struct http_conn *c, const struct slice *s, size_t bytes)
{
	if (bytes == http_parts.header_bytes)
		return http_conn_refuse(c, c->scan.line == 0 ? 414 : 431);
	if (c->buffer == NULL) {
		c->buffer = pool_get(&c->http->buffers);
		if (c->buffer == NULL)
			return http_conn_refuse(c, 503);
		memcpy(c->buffer, s->data, bytes);
		http_timer_set(c, HTTP_TIMER_HEADER);
	}
	flow_consume(c->flow, bytes - c->header_bytes);
	c->header_bytes = (uint16_t)bytes;
	return HTTP_ON;
}

/* The header is whole, and parsed: it is kept as long as it is needed. */
static enum http_step header_found(struct http_conn *c, const struct slice *s, uint16_t bytes,
				   unsigned status)
{
	size_t more = (size_t)bytes - c->header_bytes;
	c->header = (const char *)c->buffer;
	c->header_bytes = bytes;
	if (c->buffer == NULL) {
		c->header = (const char *)s->data;
		c->held = s->owner;
		ref_get(c->held);
	}
	flow_consume(c->flow, more);
	return header_complete(c, status);
}

/* The request has been answered before, and nothing has changed since. */
static enum http_step header_known(struct http_conn *c, const struct slice *s)
{
	c->http->stats.requests++;
	flow_consume(c->flow, s->len);
	c->state = HTTP_REPLY;
	return HTTP_ON;
}

/* Looks for the header's end in what has come, `s` the last of it. */
static enum http_step scan_header(struct http_conn *c, const struct slice *s)
{
	size_t before = c->header_bytes, n = MIN(s->len, http_parts.header_bytes - before);
	const uint8_t *text = s->data;
	uint16_t bytes;
	if (c->buffer != NULL) {
		memcpy(c->buffer + before, s->data, n);
		text = c->buffer;
	}
	switch (http_scan(&c->scan, text, before + n)) {
	case HTTP_SCAN_DONE:
		return header_found(
			c, s, c->scan.at,
			http_parse_head(&c->head, (const char *)text, c->scan.at, &bytes));
	case HTTP_SCAN_MORE:
		return header_goes_on(c, s, before + n);
	case HTTP_SCAN_BLANK:
		return skip_blank_line(c, c->scan.at - before);
	default:
		return http_conn_refuse(c, 400);
	}
}

/*
 * Nothing of the header was received before: it is parsed where it lies. Mostly it is whole and
 * right, and parsing alone shows that. What is wrong counts only in what the scanner finds whole.
 */
static enum http_step header_in_place(struct http_conn *c, const struct slice *s)
{
	size_t len = MIN(s->len, http_parts.header_bytes);
	uint16_t bytes;
	if (http_kept_answer(c, s))
		return header_known(c, s);
	if (LIKELY(http_parse_head(&c->head, (const char *)s->data, len, &bytes) == 0))
		return header_found(c, s, bytes, 0);
	c->head = (struct http_head){0};
	return scan_header(c, s);
}

static enum http_step read_header(struct http_conn *c)
{
	struct slice s;
	enum err e = flow_read(c->flow, &s);
	if (e == ERR_AGAIN)
		return HTTP_WAIT;
	if (e == ERR_EOF)
		return c->buffer != NULL ? http_conn_refuse(c, 400)
					 : http_conn_end(c, HTTP_END_CLOSE);
	if (e != OK)
		return http_conn_fail(c);
	return c->buffer != NULL ? scan_header(c, &s) : header_in_place(c, &s);
}

/* --- the connection -------------------------------------------------------------------------- */

/* Reads and drops, until the peer has closed too or there is enough of it. */
static enum http_step linger(struct http_conn *c)
{
	struct slice s;
	enum err e = flow_read(c->flow, &s);
	if (e == ERR_AGAIN)
		return HTTP_WAIT;
	if (e != OK || c->head.body_bytes > HTTP_LINGER_BYTES)
		return http_conn_end(c, HTTP_END_CLOSE);
	c->head.body_bytes += s.len;
	flow_consume(c->flow, s.len);
	return HTTP_ON;
}

static enum http_step take_step(struct http_conn *c)
{
	switch (c->state) {
	case HTTP_READ_HEADER:
		return read_header(c);
	case HTTP_READ_BODY:
		return http_parts.bodies ? http_body_read(c) : HTTP_WAIT;
	case HTTP_REPLY:
		return http_reply_output(c);
	case HTTP_LINGER:
		return linger(c);
	default:
		return HTTP_WAIT;
	}
}

HOT(output) void http_conn_run(struct http_conn *c)
{
	struct http *h = c->http;
	uint64_t limit = h->stats.requests + HTTP_BATCH;
	enum http_step step;
	do {
		step = take_step(c);
	} while (step == HTTP_ON && h->stats.requests < limit);
	if (step == HTTP_ON)
		http_conn_ready(c);
}

/* Nothing is under way but what the peer may leave at any time. */
static bool is_over(const struct http_conn *c)
{
	return c->state == HTTP_LINGER || (c->state == HTTP_READ_HEADER && c->header_bytes == 0);
}

/* Something of an answer is with the peer, so that it cannot be told of an error any more. */
static bool has_answered(const struct http_conn *c)
{
	return c->state == HTTP_REPLY ||
	       (c->state == HTTP_READ_BODY && (c->head.flags & HTTP_EXPECT) != 0 &&
		c->reply.text_sent > 0);
}

/* It is the route that takes its time, not the peer. */
static bool waits_for_route(const struct http_conn *c)
{
	return c->state == HTTP_PENDING ||
	       (http_parts.bodies && c->state == HTTP_READ_BODY && c->reply.starved);
}

void http_conn_expire(struct http_conn *c)
{
	if (is_over(c)) {
		http_conn_end(c, HTTP_END_CLOSE);
		return;
	}
	COUNT(c->http->stats.timeouts);
	if (has_answered(c)) {
		http_conn_end(c, HTTP_END_ABORT);
		return;
	}
	http_reply_refuse(c, waits_for_route(c) ? 503 : 408);
	http_conn_run(c);
}
