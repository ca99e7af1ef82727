/* SPDX-License-Identifier: ISC */
/*
 * Responses that were put together before. A file that is asked for again within the second has the
 * same header: flows send it from here, without a copy, and hold a reference until their peers have
 * it. If the file never changes and is small, it stands behind its header, so that both go as one.
 *
 * A request for such a file in the very words of another one has the same answer: that one's text
 * is kept too, and who uses it is answered without a look at what it means. If another request with
 * that answer differs just in the value of a field that nobody looks at, as cookies mostly are, any
 * value will do from then on.
 *
 * An entity tag chooses a pair of places. A response replaces one that nobody sends any more; where
 * both of the pair are being sent, it is not kept.
 */
#include <string.h>

#include "base/divide.h"
#include "hal/timer.h"
#include "net/http/http_internal.h"

enum {
	PAIR = 2,
	/* Where no two requests are alike in all but one field, that is not looked for for ever. */
	COMPARED_MAX = 16,
	/* What the header says of the connection. */
	FLAGS = HTTP_CLOSE | HTTP_1_0,
};

void http_kept_init(struct http *h)
{
	for (unsigned i = 0; i < http_parts.kept; i++) {
		/* A reference of the server's own, which is never given up. */
		*http_kept_at(h, i) = (struct http_kept){.ref.count = 1};
	}
}

const char http_vary[] = "Vary: Accept-Encoding\r\n";

/* A clock that is off by millennia is no clock. Within a second there is nothing to divide. */
static NOINLINE void ask_wall_clock(struct http *h)
{
	uint32_t rest;
	uint64_t wall_us = h->wall != NULL ? wall_clock_us(h->wall, h->now_us) : 0;

	h->timed_us = h->now_us;
	if (wall_us - h->second_us < US_PER_S)
		return;
	h->unix_s = divide(wall_us, US_PER_S, &rest);
	h->second_us = wall_us - rest;
	if (h->unix_s > HTTP_DATE_MAX_S)
		h->unix_s = 0;
}

static inline uint64_t unix_time(struct http *h)
{
	if (h->timed_us != h->now_us)
		ask_wall_clock(h);
	return h->unix_s;
}

/* The number of the pair's first. */
static unsigned pair_of(const struct http_conn *c)
{
	return (unsigned)(c->reply.etag * PAIR % MAX(http_parts.kept, 1u));
}

/* Whole, with a tag that stands for it; an application's own field lines may change any time. */
static bool may_be_kept(const struct http_reply *r)
{
	return (r->status == 200 || r->status == 304) && r->etag != 0 &&
	       r->end != HTTP_LENGTH_UNKNOWN && (r->fields == NULL || r->fields == http_vary);
}

static bool says_the_same(const struct http_kept *k, const struct http_conn *c)
{
	enum { FROM = offsetof(struct http_reply, etag), TO = offsetof(struct http_reply, body) };
	const struct http_reply *r = &c->reply, *other = &k->reply;
	return memcmp(&other->etag, &r->etag, TO - FROM) == 0 && other->status == r->status &&
	       other->gzip == r->gzip && k->flags == (c->head.flags & FLAGS);
}

static char *request_of(struct http_kept *k)
{
	return k->text + k->header_bytes + k->body_bytes;
}

/* The request's text is still as it came, and its response what the next one will get too. */
static bool may_be_known(const struct http_conn *c)
{
	return c->reply.constant && c->header != NULL && c->buffer == NULL && !c->body_left;
}

/* The request means the same as the known one: finds the field in which they differ, if it is one,
 * and nothing is made of it. */
static void compare_requests(struct http_kept *k, const struct http_conn *c)
{
	struct http_text known = {request_of(k), k->request_bytes}, old, name, value;
	struct http_text text = {c->header, c->header_bytes}, line, own;
	do {
		own = text;
		old = http_next_line(&known);
		line = http_next_line(&text);
	} while (line.len > 0 && http_text_same(line, old));
	if (!http_text_same(text, known) || !http_next_field(&own, &name, &value) ||
	    http_is_read(name))
		return;
	size_t front = name.len + 1;
	if (old.len < front || memcmp(old.at, line.at, front) != 0)
		return;
	k->front_bytes = (uint16_t)(line.at + front - c->header);
	k->back_bytes = (uint16_t)(text.len + 2);
}

/* The second request for a response may be the first of many: from now on it is known. */
static void know_request(struct http_kept *k, const struct http_conn *c)
{
	char *text = request_of(k);
	if (!may_be_known(c) || c->header_bytes > k->text + http_parts.kept_bytes - text)
		return;
	if (k->request_bytes == 0) {
		memcpy(text, c->header, c->header_bytes);
		k->request_bytes = k->front_bytes = c->header_bytes;
		k->reply = c->reply;
	} else if (http_parts.variants && k->compared < COMPARED_MAX &&
		   (c->head.flags & (HTTP_ASKED | HTTP_CONDITIONAL)) == 0) {
		k->compared++;
		compare_requests(k, c);
	}
}

/* The connection sends number i. */
static void use(struct http_conn *c, struct http_kept *k, unsigned i)
{
	ref_get(&k->ref);
	c->reply.kept = (uint8_t)(i + 1);
}

void http_kept_choose(struct http_conn *c)
{
	struct http_reply *r = &c->reply;
	r->date_s = http_parts.date ? unix_time(c->http) : 0;
	r->dated = true;
	if (http_parts.kept == 0 || !may_be_kept(r))
		return;
	for (unsigned i = pair_of(c), end = i + PAIR; i < end; i++) {
		struct http_kept *k = http_kept_at(c->http, i);
		if (says_the_same(k, c)) {
			know_request(k, c);
			use(c, k, i);
			return;
		}
	}
}

bool http_kept_add(struct http_conn *c, const char *text, size_t len)
{
	const struct http_reply *r = &c->reply;
	if (http_parts.kept == 0 || !may_be_kept(r) || len > http_parts.kept_bytes)
		return false;
	unsigned i = pair_of(c);
	struct http_kept *k = http_kept_at(c->http, i), *other = http_kept_at(c->http, i + 1);
	if (k->ref.count > 1 || (other->ref.count == 1 && other->reply.date_s < k->reply.date_s)) {
		k = other; /* the older of two that are free */
		i++;
	}
	if (k->ref.count > 1)
		return false;
	k->reply = *r;
	k->flags = c->head.flags & FLAGS;
	k->header_bytes = (uint16_t)len;
	k->body_bytes = 0;
	k->request_bytes = k->front_bytes = k->back_bytes = 0;
	k->compared = 0;
	memcpy(k->text, text, len);
	if (r->constant && r->body.len > 0 && r->body.len <= http_parts.kept_bytes - len) {
		memcpy(k->text + len, r->body.data, r->body.len);
		k->body_bytes = (uint16_t)r->body.len;
	}
	use(c, k, i);
	return true;
}

/* The request is as the known one is, but for a value that may be any: what a line may hold. */
static bool is_known(struct http_kept *k, const struct slice *request)
{
	size_t front = k->front_bytes, back = k->back_bytes, len = request->len;
	const char *known = request_of(k), *text = (const char *)request->data;
	if (!http_parts.variants)
		return len == k->request_bytes && memcmp(text, known, len) == 0;
	if (LIKELY(back == 0 ? len != front : len < front + back))
		return false;
	if (memcmp(text, known, front) != 0)
		return false;
	size_t value = len - front - back;
	return back == 0 ||
	       (memcmp(text + front + value, known + k->request_bytes - back, back) == 0 &&
		len <= http_parts.header_bytes && http_line_length(text + front, value) == value);
}

bool http_kept_answer(struct http_conn *c, const struct slice *request)
{
	uint64_t now_s = http_parts.kept > 0 && http_parts.date ? unix_time(c->http) : 0;
	for (unsigned i = 0; i < http_parts.kept; i++) {
		struct http_kept *k = http_kept_at(c->http, i);
		if (is_known(k, request) && k->reply.date_s == now_s) {
			c->head.flags = k->flags;
			c->reply = k->reply;
			use(c, k, i);
			return true;
		}
	}
	return false;
}
