/* SPDX-License-Identifier: ISC */
/*
 * Responses that were put together before. A file that is asked for again within the second has the
 * same header: flows send it from here, without a copy, and hold a reference until their peers have
 * it. If the file never changes and is small, it stands behind its header, so that both go as one.
 *
 * A request for such a file in the very words of another one has the same answer: that one's text
 * is kept too, and who uses it is answered without a look at what it means.
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
	const struct http_reply *r = &c->reply, *other = &k->reply;
	return other->etag == r->etag && other->date_s == r->date_s && other->end == r->end &&
	       other->content_type == r->content_type && other->cache_control == r->cache_control &&
	       other->fields == r->fields && other->status == r->status && other->gzip == r->gzip &&
	       k->flags == (c->head.flags & FLAGS);
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

/* The second request for a response may be the first of many: from now on it is known. */
static void know_request(struct http_kept *k, const struct http_conn *c)
{
	char *text = request_of(k);
	if (k->request_bytes != 0 || !may_be_known(c) ||
	    c->header_bytes > k->text + http_parts.kept_bytes - text)
		return;
	memcpy(text, c->header, c->header_bytes);
	k->request_bytes = c->header_bytes;
	k->reply = c->reply;
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
	k->request_bytes = 0;
	memcpy(k->text, text, len);
	if (r->constant && r->body.len > 0 && r->body.len <= http_parts.kept_bytes - len) {
		memcpy(k->text + len, r->body.data, r->body.len);
		k->body_bytes = (uint16_t)r->body.len;
	}
	use(c, k, i);
	return true;
}

bool http_kept_answer(struct http_conn *c, const struct slice *request)
{
	uint64_t now_s = http_parts.kept > 0 && http_parts.date ? unix_time(c->http) : 0;
	for (unsigned i = 0; i < http_parts.kept; i++) {
		struct http_kept *k = http_kept_at(c->http, i);
		if (k->request_bytes == request->len && k->reply.date_s == now_s &&
		    memcmp(request_of(k), request->data, request->len) == 0) {
			c->head.flags = k->flags;
			c->reply = k->reply;
			use(c, k, i);
			return true;
		}
	}
	return false;
}
