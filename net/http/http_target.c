/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "net/http/http_parse.h"

bool http_take_authority(struct http_text *rest, struct http_text *authority)
{
	size_t slashes = http_text_begins(*rest, "//");
	http_text_skip(rest, slashes);
	*authority = http_text_until(rest, "/?#");
	return slashes > 0;
}

/*
 * Takes "http://authority" off the front (RFC 9112 section 3.2.2). The authority must not be empty
 * and must not hold user information (RFC 9110 sections 4.2.1, 4.2.4); which host it names makes no
 * difference here. False if the target is not of this form.
 */
static bool take_origin(struct http_text *target)
{
	struct http_text authority, scheme = http_text_cut(target, ':');
	return (http_text_is(scheme, "http") || http_text_is(scheme, "https")) &&
	       http_take_authority(target, &authority) && authority.len > 0 &&
	       !http_text_holds(authority, '@');
}

bool http_take_target(struct http_text *rest, struct http_target *target)
{
	const char *at = rest->at, *question = NULL;
	target->encoded = false;
	while (rest->len > 0) {
		at += http_text_span(at, HTTP_CHAR_TARGET);
		if (*at == '?') {
			question = question != NULL ? question : at;
		} else if (*at == '%' || *at == '.') {
			/* Also "/.well-known", which needs no change: harmless to normalise. */
			target->encoded |= question == NULL && (*at == '%' || at[-1] == '/');
		} else {
			break;
		}
		at++;
	}
	target->text = (struct http_text){rest->at, (size_t)(at - rest->at)};
	target->question = question != NULL ? question : at;
	if (target->text.len == 0 || *at != ' ')
		return false;
	http_text_skip(rest, target->text.len + 1);
	return true;
}

unsigned http_parse_target(struct http_head *head, const struct http_target *target)
{
	struct http_request *request = &head->request;
	struct http_text text = target->text;
	const char *end = text.at + text.len, *question = target->question;
	/* CONNECT's authority form names no resource here, and "*" is for OPTIONS alone. */
	if ((head->flags & HTTP_CONNECT) != 0 ||
	    ((head->flags & HTTP_OPTIONS) != 0 && http_text_equal(text, "*"))) {
		request->path = text;
		return 0;
	}
	if (text.at[0] != '/' && !take_origin(&text))
		return 400;
	request->path = (struct http_text){text.at, (size_t)(question - text.at)};
	if (request->path.len == 0)
		request->path = (struct http_text){"/", 1}; /* absolute form without a path */
	else if (target->encoded)
		head->flags |= HTTP_ENCODED; /* in place: not what is a constant of ours */
	if (question < end)
		request->query = (struct http_text){question + 1, (size_t)(end - question - 1)};
	return 0;
}

/* Decodes in place: what is written never passes what is read. */
static bool decode(char *path, size_t *len)
{
	size_t to = 0;
	for (size_t from = 0; from < *len; from++) {
		char c = path[from];
		if (c == '%') {
			if (*len - from < 3)
				return false;
			int high = text_hex_value(path[from + 1]);
			int low = text_hex_value(path[from + 2]);
			if (high < 0 || low < 0)
				return false;
			int byte = high << 4 | low;
			/* No name holds a control character; NUL would end one too early. */
			if (byte < ' ' || byte == 0x7f)
				return false;
			c = (char)byte;
			from += 2;
		}
		path[to++] = c;
	}
	*len = to;
	return true;
}

/* Drops the last segment of the `len` bytes of path, and its slash, as ".." does. */
static size_t parent(const char *path, size_t len)
{
	while (len > 0 && path[--len] != '/')
		;
	return len;
}

/* RFC 3986 section 5.2.4, on a path that begins with '/'. */
size_t http_remove_dot_segments(char *path, size_t len)
{
	struct http_text rest = {path, len};
	size_t to = 0;
	while (rest.len > 0) {
		const char *from = rest.at;
		http_text_skip(&rest, 1);
		struct http_text segment = http_text_until(&rest, "/");
		bool dots = http_text_equal(segment, "..");
		if (dots)
			to = parent(path, to);
		if (!dots && !http_text_equal(segment, ".")) {
			memmove(path + to, from, segment.len + 1);
			to += segment.len + 1;
		} else if (rest.len == 0) {
			path[to++] = '/';
		}
	}
	return to;
}

bool http_normalise_path(char *path, size_t *len)
{
	if (!decode(path, len))
		return false;
	*len = http_remove_dot_segments(path, *len);
	return true;
}
