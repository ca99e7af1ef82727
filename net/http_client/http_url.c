/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_out.h"
#include "net/http_client/http_client.h"

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
		http_text_skip(&text, 1);
		url->host = http_text_until(&text, "]");
		if (text.len == 0 || !http_text_is_all(url->host, HTTP_CHAR_ADDRESS) ||
		    !http_text_holds(url->host, ':'))
			return ERR_INVALID;
		http_text_skip(&text, 1);
	} else {
		url->host = http_text_until(&text, ":");
		if (!http_text_is_all(url->host, HTTP_CHAR_NAME))
			return ERR_INVALID;
	}
	return parse_port(url, text);
}

/* How many characters come before the colon of "scheme:"; 0: there is none. */
static size_t scheme_length(struct http_text t)
{
	struct http_text scheme = http_text_until(&t, ":/?#");

	return t.len > 0 && t.at[0] == ':' ? scheme.len : 0;
}

enum err http_url_parse(struct http_url *url, struct http_text text)
{
	struct http_text authority;
	size_t scheme = scheme_length(text);

	if (scheme == 0 || !http_text_is_all(text, HTTP_CHAR_URL))
		return ERR_INVALID;
	if (!http_text_is(((struct http_text){text.at, scheme}), "http"))
		return ERR_UNSUPPORTED;
	http_text_skip(&text, scheme + 1);
	if (!http_take_authority(&text, &authority))
		return ERR_INVALID;
	url->target = http_text_until(&text, "#");
	return parse_authority(url, authority);
}

/* --- references ------------------------------------------------------------------------------ */

static void put(struct http_out *o, struct http_text t)
{
	http_put_bytes(o, t.at, t.len);
}

/* A path up to its last slash, that included. */
static struct http_text folder_of(struct http_text path)
{
	while (path.len > 0 && path.at[path.len - 1] != '/')
		path.len--;
	return path.len > 0 ? path : (struct http_text){"/", 1};
}

/* What a reference without a scheme takes over from the base (RFC 3986 section 5.2.2). */
static void put_base(struct http_out *o, const struct http_url *base, struct http_text reference)
{
	const char first = reference.len > 0 ? reference.at[0] : '#';
	struct http_text target = base->target, kept = target;

	http_put_text(o, "http:");
	if (http_text_begins(reference, "//") > 0)
		return;
	http_put_text(o, "//");
	put(o, base->authority);
	if (first == '/')
		return;
	if (first != '#')
		kept = http_text_until(&target, "?");
	if (first != '#' && first != '?')
		kept = folder_of(kept);
	put(o, kept);
}

/* Removes the dot segments of the path of the URL in `out`. */
static void tidy(const struct http_url *url, char *out, size_t *len)
{
	struct http_text query = url->target, path = http_text_until(&query, "?");
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
	struct http_url url;

	if (scheme_length(reference) == 0)
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
