/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_out.h"
#include "net/http_client/http_client.h"

/* Up to the first of `marks`, moving *rest there. */
static struct http_text cut_at(struct http_text *rest, const char *marks)
{
	struct http_text head = {rest->at, 0};

	while (head.len < rest->len && strchr(marks, rest->at[head.len]) == NULL)
		head.len++;
	rest->at += head.len;
	rest->len -= head.len;
	return head;
}

static bool is_url_text(struct http_text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] <= ' ' || t.at[i] > '~')
			return false;
	}
	return true;
}

/* Host names, addresses: those characters that no parser could take for anything else. */
static bool is_host(struct http_text host, const char *marks)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i], letter = (char)(c | 0x20);
		if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') &&
		    strchr(marks, c) == NULL)
			return false;
	}
	return host.len > 0;
}

/* [":" [port]] behind a host; an empty port is the default one (RFC 3986 section 3.2.3). */
static enum err parse_port(struct http_url *url, struct http_text text)
{
	uint64_t port = 80;

	if (text.len > 0 && text.at[0] != ':')
		return ERR_INVALID;
	if (text.len > 1 && !http_text_number((struct http_text){text.at + 1, text.len - 1}, &port))
		return ERR_INVALID;
	url->port = (uint16_t)port;
	return port >= 1 && port <= UINT16_MAX ? OK : ERR_INVALID;
}

static enum err parse_authority(struct http_url *url, struct http_text text)
{
	url->authority = text;
	if (text.len > 0 && text.at[0] == '[') {
		text.at++;
		text.len--;
		url->host = cut_at(&text, "]");
		if (text.len == 0 || !is_host(url->host, ":.") ||
		    memchr(url->host.at, ':', url->host.len) == NULL)
			return ERR_INVALID;
		text.at++;
		text.len--;
	} else {
		url->host = cut_at(&text, ":");
		if (!is_host(url->host, "-._"))
			return ERR_INVALID;
	}
	return parse_port(url, text);
}

/* Takes "scheme:" off the front. False: there is none. */
static bool take_scheme(struct http_text *rest, struct http_text *scheme)
{
	struct http_text after = *rest;

	*scheme = cut_at(&after, ":/?#");
	if (after.len == 0 || after.at[0] != ':' || scheme->len == 0)
		return false;
	*rest = (struct http_text){after.at + 1, after.len - 1};
	return true;
}

enum err http_url_parse(struct http_url *url, struct http_text text)
{
	struct http_text scheme;

	*url = (struct http_url){0};
	if (!is_url_text(text) || !take_scheme(&text, &scheme))
		return ERR_INVALID;
	if (!http_text_is(scheme, "http"))
		return ERR_UNSUPPORTED;
	if (text.len < 2 || text.at[0] != '/' || text.at[1] != '/')
		return ERR_INVALID;
	text.at += 2;
	text.len -= 2;
	struct http_text authority = cut_at(&text, "/?#");
	url->target = cut_at(&text, "#");
	return parse_authority(url, authority);
}

/* --- references ------------------------------------------------------------------------------ */

static void put(struct http_out *o, struct http_text t)
{
	http_put_bytes(o, t.at, t.len);
}

/* The base's path up to its last slash, that included. */
static struct http_text folder_of(struct http_text target)
{
	struct http_text path = cut_at(&target, "?");

	while (path.len > 0 && path.at[path.len - 1] != '/')
		path.len--;
	return path.len > 0 ? path : (struct http_text){"/", 1};
}

/* What a reference without a scheme takes over from the base (RFC 3986 section 5.2.2). */
static void put_base(struct http_out *o, const struct http_url *base, struct http_text reference)
{
	struct http_text target = base->target;

	HTTP_OUT(o, "http:");
	if (reference.len > 1 && reference.at[0] == '/' && reference.at[1] == '/')
		return;
	HTTP_OUT(o, "//");
	put(o, base->authority);
	if (reference.len == 0 || reference.at[0] == '#')
		put(o, target);
	else if (reference.at[0] == '?')
		put(o, cut_at(&target, "?"));
	else if (reference.at[0] != '/')
		put(o, folder_of(target));
}

/* Removes the dot segments of the path of the URL in `out`. */
static void tidy(const struct http_url *url, char *out, size_t *len)
{
	struct http_text query = url->target, path = cut_at(&query, "?");
	char *at = out + (path.at - out);

	if (path.len == 0)
		return;
	size_t tidied = http_remove_dot_segments(at, path.len);
	memmove(at + tidied, query.at, query.len);
	*len = (size_t)(at - out) + tidied + query.len;
}

enum err http_url_resolve(const struct http_url *base, struct http_text reference,
			  char out[static HTTP_URL_BYTES_MAX], size_t *len)
{
	struct http_out o = {.at = out, .end = out + HTTP_URL_BYTES_MAX};
	struct http_text rest = reference, scheme;
	struct http_url url;

	if (!take_scheme(&rest, &scheme))
		put_base(&o, base, reference);
	put(&o, reference);
	*len = (size_t)(o.at - out);
	if (o.full)
		return ERR_RANGE;
	enum err e = http_url_parse(&url, (struct http_text){out, *len});
	if (e != OK)
		return e;
	tidy(&url, out, len);
	return OK;
}
