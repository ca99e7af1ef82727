/* SPDX-License-Identifier: ISC */
/*
 * Headers of responses that were put together before. A file that is asked for again within the
 * second has the same header: flows send it from here, without a copy, and hold a reference until
 * their peers have it.
 *
 * An entity tag chooses a pair of places. A header replaces one that nobody sends any more; where
 * both of the pair are being sent, it is not kept.
 */
#include <string.h>

#include "net/http/http_internal.h"

enum {
	PAIR = 2,
	/* What the header says of the connection. */
	FLAGS = HTTP_CLOSE | HTTP_1_0,
};

void http_kept_init(struct http *h)
{
	for (unsigned i = 0; i < HTTP_KEPT; i++)
		h->kept[i].ref.count = 1; /* the server's own, which is never given up */
}

const char http_vary[] = "Vary: Accept-Encoding\r\n";

static struct http_kept *pair_of(const struct http_conn *c)
{
	return &c->http->kept[c->reply.etag * PAIR % HTTP_KEPT];
}

/* Whole, with a tag that stands for it; an application's own field lines may change any time. */
static bool may_be_kept(const struct http_reply *r)
{
	return r->status == 200 && r->etag != 0 && r->end != HTTP_LENGTH_UNKNOWN &&
	       (r->fields == NULL || r->fields == http_vary);
}

static bool says_the_same(const struct http_kept *k, const struct http_conn *c)
{
	const struct http_reply *r = &c->reply;
	return k->etag == r->etag && k->date_s == r->date_s && k->bytes == r->end &&
	       k->content_type == r->content_type && k->cache_control == r->cache_control &&
	       k->fields == r->fields && k->gzip == r->gzip && k->flags == (c->head.flags & FLAGS);
}

struct http_kept *http_kept_find(const struct http_conn *c)
{
	struct http_kept *k = pair_of(c);
	if (!may_be_kept(&c->reply))
		return NULL;
	for (unsigned i = 0; i < PAIR; i++, k++) {
		if (says_the_same(k, c))
			return k;
	}
	return NULL;
}

struct http_kept *http_kept_add(const struct http_conn *c, const char *text, size_t len)
{
	const struct http_reply *r = &c->reply;
	struct http_kept *k = pair_of(c);
	if (!may_be_kept(r) || len > HTTP_KEPT_BYTES)
		return NULL;
	if (k[0].ref.count > 1 || (k[1].ref.count == 1 && k[1].date_s < k[0].date_s))
		k++; /* the older of two that are free */
	if (k->ref.count > 1)
		return NULL;
	k->etag = r->etag;
	k->date_s = r->date_s;
	k->bytes = r->end;
	k->content_type = r->content_type;
	k->cache_control = r->cache_control;
	k->fields = r->fields;
	k->gzip = r->gzip;
	k->flags = c->head.flags & FLAGS;
	k->len = (uint16_t)len;
	memcpy(k->text, text, len);
	return k;
}
