/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "net/http/http_internal.h"

/* --- beginning ------------------------------------------------------------------------------- */

HOT(output) void http_reply_release(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	struct http_source *source = http_parts.sources ? r->source : NULL;
	ref_put(r->body.owner);
	r->body = (struct slice){0};
	r->source = NULL;
	if (http_parts.kept > 0 && r->kept != 0)
		ref_put(&http_kept_at(c->http, r->kept - 1u)->ref);
	r->kept = 0;
	if (source != NULL && source->done != NULL)
		source->done(source);
}

/* Puts a line of text in place of whatever there was to send. */
static void use_status_text(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	const char *text = http_status_text(r->status);
	if (http_parts.sources && r->source != NULL)
		r->fields = NULL; /* they may be the source's, which is done */
	http_reply_release(c);
	r->content_type = text != NULL ? "text/plain; charset=utf-8" : NULL;
	r->gzip = false;
	r->body = SLICE_STATIC(text, text != NULL ? strlen(text) : 0);
	r->first = 0;
	r->end = r->body.len;
}

static void select_content(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	struct http_text fields = http_conn_fields(c);
	struct http_selection s = http_select(c->head.request.method, fields, r->etag, r->total);
	r->status = (uint16_t)s.status;
	if (s.status == 206) {
		r->first = s.first;
		r->end = s.first + s.bytes;
		if (r->source == NULL) {
			r->body.data += s.first;
			r->body.len = (size_t)s.bytes;
		}
	} else if (s.status >= 400) {
		r->etag = 0;
		r->cache_control = NULL;
		use_status_text(c);
	}
}

/* Conditions apply to what a GET or HEAD would transfer (RFC 9110 section 13.2.1). */
static bool conditions_apply(const struct http_conn *c)
{
	return http_parts.conditions && c->reply.status == 200 && c->reply.etag != 0 &&
	       c->header != NULL && (c->head.flags & HTTP_CONDITIONAL) != 0 &&
	       c->head.request.method <= HTTP_HEAD;
}

static void start(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	r->offset = r->first;
	if (c->head.request.method == HTTP_HEAD || r->status == 204 || r->status == 304) {
		r->no_content = true;
		if (http_parts.sources)
			r->source_ended = true;
		/* The source only at the end: it may have the field lines. */
		ref_put(r->body.owner);
		r->body = (struct slice){0};
	}
	if (r->status == 304) {
		r->content_type = NULL;
		r->gzip = false;
	}
	/* An HTTP/1.0 peer learns the end of a body of unknown length from the connection's. */
	if (http_length_unknown(r) && (c->head.flags & HTTP_1_0) != 0)
		c->head.flags |= HTTP_CLOSE;
	if (c->body_left) {
		c->head.flags |= HTTP_CLOSE;
		c->unread = true;
	}
	c->told = false;
	c->state = HTTP_REPLY;
}

void http_reply_begin(struct http_conn *c, const struct http_response *response)
{
	struct http_reply *r = &c->reply;
	assert(response->status >= 200 && response->status < 600);
	assert(http_parts.sources || response->source == NULL);
	assert(!response->constant || (response->source == NULL && response->body.owner == NULL));
	*r = (struct http_reply){0};
	r->status = (uint16_t)response->status;
	r->content_type = response->content_type;
	r->gzip = response->gzip;
	r->constant = response->constant;
	r->cache_control = response->cache_control;
	r->fields = response->fields;
	r->etag = response->etag;
	r->source = response->source;
	if (r->source == NULL)
		r->body = response->body;
	r->total = r->source != NULL ? response->source_bytes : r->body.len;
	r->end = r->total;
	ref_get(r->body.owner);
	if (conditions_apply(c))
		select_content(c);
	else if (r->status >= 400 && r->total == 0)
		use_status_text(c);
	start(c);
}

void http_reply_status(struct http_conn *c, unsigned status)
{
	http_reply_begin(c, &(struct http_response){.status = status});
}

SELDOM void http_reply_refuse(struct http_conn *c, unsigned status)
{
	http_conn_tell_gone(c);
	c->head.flags |= HTTP_CLOSE;
	c->unread = true;
	http_reply_status(c, status);
}

/* --- sending --------------------------------------------------------------------------------- */

/* What a write's result means; the caller has already noted the `n` bytes, if any. */
HOT(output) static enum http_step after_write(struct http_conn *c, ssize_t n, size_t wanted)
{
	if (n == ERR_AGAIN)
		return HTTP_WAIT;
	if (n < 0)
		return http_conn_fail(c);
	c->http->stats.bytes_out += (uint64_t)n;
	return (size_t)n < wanted ? HTTP_WAIT : HTTP_ON;
}

enum http_step http_reply_write(struct http_conn *c, const char *text, size_t len)
{
	size_t sent = c->reply.text_sent, left = len - sent;
	ssize_t n = flow_write_copy(c->flow, text + sent, left);
	if (n > 0)
		c->reply.text_sent = (uint16_t)(sent + (size_t)n);
	return after_write(c, n, left);
}

/* The flow has taken `n` bytes of the body's present run. */
static void took_run(struct http_reply *r, size_t n)
{
	r->body.data += n;
	r->body.len -= n;
	r->offset += n;
	if (r->body.len == 0) {
		ref_put(r->body.owner);
		r->body.owner = NULL;
	}
}

/* A header that is kept, and with it what there is of the body: as one if that is kept too. */
HOT(output) static enum http_step write_kept(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	struct http_kept *k = http_kept_at(c->http, r->kept - 1u);
	const uint8_t *text = (const uint8_t *)k->text + r->text_sent;
	size_t left = (size_t)k->header_bytes - r->text_sent, all = left + r->body.len;
	bool as_one = r->body.len == k->body_bytes && r->body.data == k->reply.body.data;
	const struct slice both[] = {{text, as_one ? all : left, &k->ref}, r->body};
	ssize_t n = flow_write(c->flow, both, as_one ? 1 : 2);
	if (n > 0) {
		size_t header = MIN((size_t)n, left);
		r->text_sent = (uint16_t)(r->text_sent + header);
		r->header_done = header == left;
	}
	if (n > (ssize_t)left)
		took_run(r, (size_t)n - left);
	return after_write(c, n, all);
}

static GUARDED enum http_step write_new_header(struct http_conn *c)
{
	char text[HTTP_REPLY_HEADER_BYTES];
	size_t len = http_emit_header(c, text);
	if (http_kept_add(c, text, len))
		return write_kept(c);
	enum http_step step = http_reply_write(c, text, len);
	if (step == HTTP_ON)
		c->reply.header_done = true;
	return step;
}

static enum http_step write_header(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	if (!r->dated) {
		http_kept_choose(c);
		http_conn_release_header(c); /* the request's text was needed until here */
	}
	return http_parts.kept > 0 && r->kept != 0 ? write_kept(c) : write_new_header(c);
}

static GUARDED enum http_step write_frame(struct http_conn *c)
{
	char text[24];
	enum http_step step = http_reply_write(c, text, http_emit_frame(&c->reply, text));
	if (step == HTTP_ON)
		c->reply.frame_due = false;
	return step;
}

static enum http_step write_run(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	size_t left = r->body.len;
	ssize_t n = flow_write(c->flow, &r->body, 1);
	if (n > 0)
		took_run(r, (size_t)n);
	return after_write(c, n, left);
}

/* A run, or the end, comes next: with a chunk's frame before it unless the length is known. */
static enum http_step frame_next(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	r->frame_due = http_length_unknown(r) && (c->head.flags & HTTP_1_0) == 0;
	r->text_sent = 0;
	return HTTP_ON;
}

static enum http_step ask_source(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	struct slice run = {0};
	if (r->starved)
		return HTTP_WAIT;
	enum err e = r->source->next(r->source, r->offset, &run);
	if (e == ERR_AGAIN) {
		r->starved = true;
		return HTTP_WAIT;
	}
	if (http_length_unknown(r) ? e == ERR_EOF : r->offset == r->end) {
		r->source_ended = true;
		return frame_next(c);
	}
	if (e != OK)
		return http_conn_fail(c); /* the length that was promised cannot be kept */
	assert(run.len > 0);
	run.len = (size_t)MIN((uint64_t)run.len, r->end - r->offset);
	ref_get(run.owner);
	r->body = run;
	return frame_next(c);
}

static bool is_complete(const struct http_reply *r)
{
	return !http_parts.sources || r->source == NULL || r->source_ended;
}

static enum http_step write_body(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	enum http_step step = HTTP_ON;
	while (step == HTTP_ON) {
		if (http_parts.sources && r->frame_due)
			step = write_frame(c);
		else if (r->body.len > 0)
			step = write_run(c);
		else if (is_complete(r))
			break;
		else
			step = ask_source(c);
	}
	return step;
}

/* The next request's turn, or the end of the connection. */
static enum http_step finish(struct http_conn *c)
{
	struct slice next;
	http_reply_release(c);
	if ((c->head.flags & HTTP_CLOSE) == 0) {
		http_conn_reset(c);
		http_timer_set(c, HTTP_TIMER_IDLE);
		return HTTP_ON;
	}
	/* Bytes that nobody has read would make a close a reset, which can overtake the answer. */
	if (!c->unread && flow_read(c->flow, &next) != OK)
		return http_conn_end(c, HTTP_END_CLOSE);
	flow_shutdown(c->flow);
	c->head.body_bytes = 0;
	c->reply.waited = true;
	c->state = HTTP_LINGER;
	http_timer_set(c, HTTP_TIMER_LINGER);
	return HTTP_ON;
}

enum http_step http_reply_output(struct http_conn *c)
{
	uint64_t before = c->http->stats.bytes_out;
	enum http_step step = c->reply.header_done ? HTTP_ON : write_header(c);
	if (step == HTTP_ON)
		step = write_body(c);
	if (step == HTTP_ON)
		return finish(c);
	uint64_t moved = c->http->stats.bytes_out - before;
	bool starved = http_parts.sources && c->reply.starved;
	if (step == HTTP_WAIT && (moved > 0 || !(c->reply.waited || starved)))
		http_conn_moved(c, moved);
	return step;
}
