/* SPDX-License-Identifier: ISC */
#include "net/http/http_internal.h"

enum http_step http_body_begin(struct http_conn *c)
{
	if (c->head.body_bytes > c->http->config.body_bytes_max)
		return http_conn_refuse(c, 413);
	c->chunked = (struct http_chunked){0};
	c->reply.text_sent = 0;
	c->reply.starved = false;
	c->reply.waited = false;
	c->state = HTTP_READ_BODY;
	http_conn_moved(c, 0);
	return HTTP_ON;
}

/* "100 Continue", for a peer that waits for it before it sends the body. */
static enum http_step send_continue(struct http_conn *c)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	enum http_step step = http_reply_write(c, text, sizeof(text) - 1);
	if (step == HTTP_ON)
		c->head.flags &= (uint16_t)~HTTP_EXPECT;
	return step;
}

static void consume(struct http_conn *c, size_t used)
{
	flow_consume(c->flow, used);
	http_conn_moved(c, used);
}

/* Shows the route a run of the body, and removes `used` bytes from what was received. */
static enum http_step show_body(struct http_conn *c, struct slice run, size_t used, bool last)
{
	enum err e = c->route->body(c->route->arg, c, run, last);
	c->told = e == OK || e == ERR_AGAIN;
	if (e == ERR_AGAIN) {
		c->reply.starved = true;
		c->reply.waited = false;
		http_timer_set(c, HTTP_TIMER_BODY);
		return HTTP_WAIT;
	}
	consume(c, used);
	if (e != OK)
		return http_conn_refuse(c, e == ERR_NOMEM ? 503 : 413);
	if (!last)
		return HTTP_ON;
	c->body_left = false;
	return http_call_handler(c);
}

static enum http_step take_run(struct http_conn *c, struct slice s)
{
	const struct http_chunked chunked = c->chunked;
	const uint64_t body_bytes = c->head.body_bytes;
	struct http_run run;
	if (http_body_decode(&c->head, &c->chunked, s.data, s.len, &run) != OK)
		return http_conn_refuse(c, 400);
	if ((c->head.flags & HTTP_CHUNKED) != 0 &&
	    c->head.body_bytes > c->http->config.body_bytes_max)
		return http_conn_refuse(c, 413);
	if (run.data == 0 && !run.last) {
		consume(c, run.used);
		return HTTP_ON;
	}
	s.data += run.used - run.data;
	s.len = run.data;
	enum http_step step = show_body(c, s, run.used, run.last);
	if (step == HTTP_WAIT && c->state == HTTP_READ_BODY) {
		/* Not now: it will be shown the same again. */
		c->chunked = chunked;
		c->head.body_bytes = body_bytes;
	}
	return step;
}

enum http_step http_body_read(struct http_conn *c)
{
	struct slice s;
	/* What comes meanwhile makes the time that the route has no longer. */
	if (c->reply.starved)
		return HTTP_WAIT;
	enum err e = flow_read(c->flow, &s);
	/* Not needed if the body has begun to arrive (RFC 9110 section 10.1.1). */
	if (e == OK && c->reply.text_sent == 0)
		c->head.flags &= (uint16_t)~HTTP_EXPECT;
	if ((c->head.flags & HTTP_EXPECT) != 0) {
		enum http_step step = send_continue(c);
		if (step != HTTP_ON)
			return step;
	}
	if (e == ERR_AGAIN)
		return HTTP_WAIT;
	if (e == ERR_EOF)
		return http_conn_refuse(c, 400);
	if (e != OK)
		return http_conn_fail(c);
	return take_run(c, s);
}
