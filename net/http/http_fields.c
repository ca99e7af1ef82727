/* SPDX-License-Identifier: ISC */
/* Header lines, of requests and of responses. */
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "net/http/http_parse.h"

enum http_scan_result http_scan(struct http_scan *scan, const uint8_t *bytes, size_t len)
{
	size_t at = scan->at;
	for (; (at += http_text_printing(bytes + at, len - at)) < len; at++) {
		uint8_t c = bytes[at];
		if (c == '\t')
			continue;
		/* CR LF or nothing: a CR without its LF, and the reverse, are read differently by
		 * different parsers (RFC 9112 section 2.2). */
		if (c != '\r')
			return HTTP_SCAN_BAD;
		if (at + 1 == len)
			break; /* looked at again together with what follows */
		if (bytes[++at] != '\n')
			return HTTP_SCAN_BAD;
		scan->at = (uint16_t)(at + 1);
		if (at - scan->line == 1)
			return scan->line == 0 ? HTTP_SCAN_BLANK : HTTP_SCAN_DONE;
		scan->line = scan->at;
	}
	scan->at = (uint16_t)at;
	return HTTP_SCAN_MORE;
}

unsigned http_parse_version(struct http_head *head, struct http_text version)
{
	static const char name[] = "HTTP/";
	enum { NAME = sizeof(name) - 1 };
	if (version.len != NAME + 3 || memcmp(version.at, name, NAME) != 0)
		return 400;
	char major = version.at[NAME], minor = version.at[NAME + 2];
	if (major < '0' || major > '9' || version.at[NAME + 1] != '.' || minor < '0' || minor > '9')
		return 400;
	if (major != '1')
		return 505;
	/* A later minor version is answered as 1.1 (RFC 9110 section 6.2). */
	if (minor == '0')
		head->flags |= HTTP_1_0;
	return 0;
}

unsigned http_take_version(struct http_head *head, struct http_text *rest)
{
	static const char usual[] = "HTTP/1.1\r\n";
	enum { BYTES = sizeof(usual) - 1 };
	if (LIKELY(rest->len >= BYTES && memcmp(rest->at, usual, BYTES) == 0)) {
		http_text_skip(rest, BYTES);
		return 0;
	}
	return http_parse_version(head, http_next_line(rest));
}

/* --- lines ---------------------------------------------------------------------------------- */

bool http_take_word(struct http_text *rest, enum http_char kind, char behind,
		    struct http_text *word)
{
	size_t len = rest->len > 0 ? http_text_span(rest->at, kind) : 0;
	if (len == 0 || rest->at[len] != behind)
		return false;
	*word = (struct http_text){rest->at, len};
	http_text_skip(rest, len + 1);
	return true;
}

static bool is_at_end_of_line(const struct http_text *rest)
{
	return rest->len >= 2 && load_be16(rest->at) == ('\r' << 8 | '\n');
}

size_t http_line_length(const char *at, size_t len)
{
	size_t n = http_text_printing(at, len);
	while (UNLIKELY(n < len && at[n] == '\t')) {
		n++;
		n += http_text_printing(at + n, len - n);
	}
	return n;
}

struct http_text http_next_line(struct http_text *rest)
{
	struct http_text line = {rest->at, http_line_length(rest->at, rest->len)};
	http_text_skip(rest, line.len);
	if (is_at_end_of_line(rest))
		http_text_skip(rest, 2);
	return line;
}

/*
 * field-line = field-name ":" OWS field-value OWS. A space before the colon, or a line that begins
 * with one (obs-fold), makes a name that is no token: 400 (RFC 9112 sections 5.1, 5.2).
 */
bool http_next_field(struct http_text *rest, struct http_text *name, struct http_text *value)
{
	if (!http_take_word(rest, HTTP_CHAR_TOKEN, ':', name))
		return false;
	*value = http_text_trim(http_next_line(rest));
	return true;
}

int http_find_field(struct http_text *fields, const char *names, struct http_text *value)
{
	struct http_text name;
	int place = -1;
	while (place < 0 && http_next_field(fields, &name, value))
		place = http_text_place(name, names);
	return place;
}

/* --- what fields say -------------------------------------------------------------------------- */

/*
 * The fields that something is made of. Each name has a length of its own, which chooses it, so
 * that one comparison at most decides; the compiler refuses (-Woverride-init) a second one of a
 * length.
 */
#define FIELDS(X)                                                                                  \
	X(connection, "connection")                                                                \
	X(content_length, "content-length")                                                        \
	X(transfer_encoding, "transfer-encoding")                                                  \
	X(host, "host")                                                                            \
	X(accept_encoding, "accept-encoding")                                                      \
	X(expect, "expect")                                                                        \
	X(if_none_match, "if-none-match")                                                          \
	X(if_match, "if-match")                                                                    \
	X(range, "range")
#define ROOM(field, name)  char field[sizeof(name)];
#define TEXT(field, name)  name,
#define PLACE(field, name) [sizeof(name) - 1] = offsetof(struct names, field) + 1,
#define LENGTH(field)      (sizeof(names.field) - 1)

static const struct names {
	FIELDS(ROOM)
} names = {FIELDS(TEXT)};

/* Where the name with so many characters begins, from 1; 0: there is none. */
static const uint8_t places[] = {FIELDS(PLACE)};

bool http_is_read(struct http_text name)
{
	unsigned place = name.len < sizeof(places) ? places[name.len] : 0;
	return place != 0 && http_text_matches(name, (const char *)&names + place - 1);
}

/* A second one is refused even if it says the same (RFC 9110 section 8.6, RFC 9112 section 6.3). */
static unsigned parse_content_length(struct http_head *head, struct http_text value)
{
	if ((head->flags & HTTP_LENGTH) != 0)
		return 400;
	head->flags |= HTTP_LENGTH;
	return http_text_number(value, &head->body_bytes) ? 0 : 400;
}

/* Chunked must come last and once; other codings are unknown here (RFC 9112 sections 6.1, 6.3). */
static unsigned parse_transfer_encoding(struct http_head *head, struct http_text value)
{
	struct http_text item;
	unsigned others = 0;
	if ((head->flags & HTTP_CODING) != 0)
		return 400;
	head->flags |= HTTP_CODING;
	while ((item = http_text_next_item(&value)).len > 0) {
		if ((head->flags & HTTP_CHUNKED) != 0)
			return 400;
		if (http_text_is(item, "chunked"))
			head->flags |= HTTP_CHUNKED;
		else
			others++;
	}
	if ((head->flags & HTTP_CHUNKED) == 0)
		return 400;
	return others == 0 ? 0 : 501;
}

static unsigned parse_connection(struct http_head *head, struct http_text value)
{
	struct http_text item;
	while ((item = http_text_next_item(&value)).len > 0) {
		if (http_text_is(item, "close"))
			head->flags |= HTTP_CLOSE;
		else if (http_text_is(item, "keep-alive"))
			head->flags |= HTTP_KEEP;
	}
	return 0;
}

/* --- … of requests ---------------------------------------------------------------------------- */

/* uri-host [ ":" port ], possibly empty (RFC 9110 section 7.2): just its alphabet is checked. */
static unsigned parse_host(struct http_head *head, struct http_text value)
{
	if ((head->flags & HTTP_HOST) != 0)
		return 400;
	head->flags |= HTTP_HOST;
	return http_text_span(value.at, HTTP_CHAR_HOST) == value.len ? 0 : 400;
}

/* An expectation in an HTTP/1.0 request is ignored (RFC 9110 section 10.1.1). */
static unsigned parse_expect(struct http_head *head, struct http_text value)
{
	if ((head->flags & HTTP_1_0) != 0)
		return 0;
	if (!http_text_is(value, "100-continue"))
		return 417;
	head->flags |= HTTP_EXPECT;
	return 0;
}

/* What it means only a handler that has a choice wants to know. */
static unsigned parse_accept_encoding(struct http_head *head, struct http_text value)
{
	if (head->accepts != NULL)
		head->flags |= HTTP_ACCEPTS_MORE;
	head->accepts = value.at;
	return 0;
}

static unsigned parse_request_field(struct http_head *head, size_t name_len, struct http_text value)
{
	switch (name_len) {
	case LENGTH(host):
		return parse_host(head, value);
	case LENGTH(expect):
		return parse_expect(head, value);
	case LENGTH(accept_encoding):
		return parse_accept_encoding(head, value);
	default:
		head->flags |= HTTP_CONDITIONAL;
		return 0;
	}
}

/* --- all of them ------------------------------------------------------------------------------ */

/* The name is known, and its length tells which. */
static unsigned parse_field(struct http_head *head, size_t name_len, struct http_text value)
{
	switch (name_len) {
	case LENGTH(connection):
		return parse_connection(head, value);
	case LENGTH(content_length):
		return parse_content_length(head, value);
	case LENGTH(transfer_encoding):
		return parse_transfer_encoding(head, value);
	default:
		return head->status == 0 ? parse_request_field(head, name_len, value) : 0;
	}
}

/* What the fields say together: RFC 9112 sections 6.1, 6.3, 9.3. */
static unsigned conclude(struct http_head *head)
{
	uint16_t flags = head->flags;
	if ((flags & HTTP_CODING) != 0 && (flags & (HTTP_LENGTH | HTTP_1_0)) != 0)
		return 400;
	if ((flags & HTTP_1_0) != 0 && (flags & HTTP_KEEP) == 0)
		head->flags |= HTTP_CLOSE;
	return 0;
}

unsigned http_parse_fields(struct http_head *head, struct http_text *rest)
{
	unsigned status = 0, fields = 0;
	struct http_text name, value;
	while (status == 0 && http_next_field(rest, &name, &value)) {
		if (++fields > HTTP_FIELDS_MAX)
			status = 431;
		else if (http_is_read(name))
			status = parse_field(head, name.len, value);
	}
	if (status != 0)
		return status;
	/* Else it is not the empty line that ended them. */
	return is_at_end_of_line(rest) ? conclude(head) : 400;
}
