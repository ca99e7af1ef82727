/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_parse.h"

/*
 * Takes "http://authority" off the front (RFC 9112 section 3.2.2). The authority must not be empty
 * and must not hold user information (RFC 9110 sections 4.2.1, 4.2.4); which host it names makes no
 * difference here. False if the target is not of this form.
 */
static bool take_authority(struct http_text *target)
{
	struct http_text rest = *target;
	struct http_text scheme = http_text_cut(&rest, ':');
	if (!http_text_is(scheme, "http") && !http_text_is(scheme, "https"))
		return false;
	if (rest.len < 3 || rest.at[0] != '/' || rest.at[1] != '/')
		return false;
	rest.at += 2;
	rest.len -= 2;
	size_t len = 0;
	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?') {
		if (rest.at[len] == '@')
			return false;
		len++;
	}
	*target = (struct http_text){rest.at + len, rest.len - len};
	return len > 0;
}

/* Takes the path off the front, which ends at a question mark; says if it must be normalised. */
static struct http_text take_path(struct http_text *target, bool *encoded)
{
	struct http_text path = {target->at, 0}, rest = *target;
	while ((path.len += http_text_span(rest, HTTP_CHAR_PLAIN)) < target->len) {
		const char *mark = path.at + path.len;
		if (*mark == '?')
			break;
		/* Also "/.well-known", which needs no change: rare, and harmless to normalise. */
		if (*mark == '%' || mark[-1] == '/')
			*encoded = true;
		path.len++;
		rest = (struct http_text){mark + 1, target->len - path.len};
	}
	target->at += path.len;
	target->len -= path.len;
	return path;
}

static void set_path_and_query(struct http_head *head, struct http_text target)
{
	bool encoded = false;
	struct http_text path = take_path(&target, &encoded);
	if (path.len == 0)
		path = (struct http_text){"/", 1}; /* absolute form without a path */
	if (encoded)
		head->flags |= HTTP_ENCODED;
	if (target.len > 0) {
		target.at++; /* the question mark */
		target.len--;
	}
	head->request.path = path;
	head->request.query = target;
}

unsigned http_parse_target(struct http_head *head, struct http_text target)
{
	/* CONNECT's authority form names no resource here, and "*" is for OPTIONS alone. */
	if ((head->flags & HTTP_CONNECT) != 0 ||
	    ((head->flags & HTTP_OPTIONS) != 0 && http_text_equal(target, "*"))) {
		head->request.path = target;
		return 0;
	}
	if (target.at[0] != '/' && !take_authority(&target))
		return 400;
	set_path_and_query(head, target);
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
			int high = http_hex_digit(path[from + 1]);
			int low = http_hex_digit(path[from + 2]);
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
	size_t to = 0, from = 0;
	while (from < len) {
		/* One segment with the slash before it. */
		size_t end = from + 1;
		while (end < len && path[end] != '/')
			end++;
		size_t n = end - from;
		bool dot = n == 2 && path[from + 1] == '.';
		bool dots = n == 3 && path[from + 1] == '.' && path[from + 2] == '.';
		if (dots)
			to = parent(path, to);
		if (dot || dots) {
			if (end == len)
				path[to++] = '/';
		} else {
			memmove(path + to, path + from, n);
			to += n;
		}
		from = end;
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
