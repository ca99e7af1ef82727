/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_parse.h"

enum http_scan_result http_scan(struct http_scan *scan, const uint8_t *bytes, size_t len)
{
	size_t at = scan->at;
	for (; at < len; at++) {
		uint8_t c = bytes[at];
		if (LIKELY((c >= ' ' && c != 0x7f) || c == '\t'))
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

/* --- request line ---------------------------------------------------------------------------- */

static unsigned parse_version(struct http_head *head, struct http_text version)
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

static unsigned parse_method(struct http_head *head, struct http_text method)
{
	static const struct {
		const char *name;
		enum http_method method;
		uint16_t flag;
	} known[] = {
		{"GET", HTTP_GET, 0},
		{"HEAD", HTTP_HEAD, 0},
		{"POST", HTTP_POST, 0},
		{"OPTIONS", HTTP_OTHER, HTTP_OPTIONS},
		{"CONNECT", HTTP_OTHER, HTTP_CONNECT},
		{"PUT", HTTP_OTHER, 0},
		{"DELETE", HTTP_OTHER, 0},
		{"TRACE", HTTP_OTHER, 0},
		{"PATCH", HTTP_OTHER, 0},
	};
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (http_text_equal(method, known[i].name)) {
			head->request.method = known[i].method;
			head->flags |= known[i].flag;
			return 0;
		}
	}
	return 501;
}

/* request-line = method SP request-target SP HTTP-version (RFC 9112 section 3) */
static unsigned parse_request_line(struct http_head *head, struct http_text line)
{
	struct http_text method = http_text_cut(&line, ' ');
	struct http_text target = http_text_cut(&line, ' ');
	if (!http_text_is_token(method) || target.len == 0)
		return 400;
	unsigned status = parse_version(head, line);
	if (status == 0)
		status = parse_method(head, method);
	if (status == 0)
		status = http_parse_target(head, target);
	return status;
}

/* --- fields ---------------------------------------------------------------------------------- */

/* uri-host [ ":" port ], possibly empty (RFC 9110 section 7.2): just its alphabet is checked. */
static unsigned parse_host(struct http_head *head, struct http_text value)
{
	static const char marks[] = "-._~%!$&'()*+,;=[]:";
	if ((head->flags & HTTP_HOST) != 0)
		return 400;
	head->flags |= HTTP_HOST;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i], letter = (char)(c | 0x20);
		if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') &&
		    memchr(marks, c, sizeof(marks) - 1) == NULL)
			return 400;
	}
	return 0;
}

/* A second one is refused even if it says the same (RFC 9110 section 8.6, RFC 9112 section 6.3). */
static unsigned parse_content_length(struct http_head *head, struct http_text value)
{
	if ((head->flags & HTTP_LENGTH) != 0)
		return 400;
	head->flags |= HTTP_LENGTH;
	return http_text_take_number(&value, &head->body_bytes) && value.len == 0 ? 0 : 400;
}

/* Chunked must come last and once; other codings are unknown here (RFC 9112 sections 6.1, 6.3). */
static unsigned parse_transfer_encoding(struct http_head *head, struct http_text value)
{
	struct http_text item;
	unsigned others = 0;
	if ((head->flags & HTTP_CODING) != 0)
		return 400;
	head->flags |= HTTP_CODING;
	while (http_text_next_item(&value, &item)) {
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
	while (http_text_next_item(&value, &item)) {
		if (http_text_is(item, "close"))
			head->flags |= HTTP_CLOSE;
		else if (http_text_is(item, "keep-alive"))
			head->flags |= HTTP_KEEP;
	}
	return 0;
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

static unsigned parse_condition(struct http_head *head, struct http_text value)
{
	(void)value;
	head->flags |= HTTP_CONDITIONAL;
	return 0;
}

static unsigned parse_field(struct http_head *head, struct http_text name, struct http_text value)
{
#define FIELD(name, parse)                                                                         \
	{                                                                                          \
		name, sizeof(name) - 1, parse                                                      \
	}
	static const struct {
		const char *name;
		size_t len;
		unsigned (*parse)(struct http_head *head, struct http_text value);
	} known[] = {
		FIELD("host", parse_host),
		FIELD("connection", parse_connection),
		FIELD("content-length", parse_content_length),
		FIELD("transfer-encoding", parse_transfer_encoding),
		FIELD("expect", parse_expect),
		FIELD("if-none-match", parse_condition),
		FIELD("if-match", parse_condition),
		FIELD("range", parse_condition),
	};
#undef FIELD
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (name.len == known[i].len && http_text_is(name, known[i].name))
			return known[i].parse(head, value);
	}
	return 0;
}

/*
 * field-line = field-name ":" OWS field-value OWS. A space before the colon, or a line that begins
 * with one (obs-fold), makes a name that is no token: 400 (RFC 9112 sections 5.1, 5.2).
 */
static unsigned parse_field_line(struct http_head *head, struct http_text line)
{
	const char *end = line.at + line.len;
	struct http_text name = http_text_cut(&line, ':');
	if (name.at + name.len == end || !http_text_is_token(name))
		return 400;
	return parse_field(head, name, http_text_trim(line));
}

/* What the fields say together: RFC 9112 sections 3.2, 6.1, 6.3, 9.3. */
static unsigned conclude(struct http_head *head)
{
	uint16_t flags = head->flags;
	if ((flags & (HTTP_HOST | HTTP_1_0)) == 0)
		return 400;
	if ((flags & HTTP_CODING) != 0 && (flags & (HTTP_LENGTH | HTTP_1_0)) != 0)
		return 400;
	if ((flags & HTTP_1_0) != 0 && (flags & HTTP_KEEP) == 0)
		head->flags |= HTTP_CLOSE;
	head->request.has_body = (flags & HTTP_CHUNKED) != 0 || head->body_bytes > 0;
	return 0;
}

/* The next line without its CR LF, which http_scan() has seen. */
static struct http_text next_line(struct http_text *rest)
{
	struct http_text line = http_text_cut(rest, '\n');
	line.len--;
	return line;
}

unsigned http_parse_head(struct http_head *head, const char *header, size_t len)
{
	struct http_text rest = {header, len};
	*head = (struct http_head){.request.method = HTTP_OTHER};
	unsigned status = parse_request_line(head, next_line(&rest));
	head->fields_at = (uint16_t)(rest.at - header);

	unsigned fields = 0;
	while (status == 0) {
		struct http_text line = next_line(&rest);
		if (line.len == 0)
			return conclude(head);
		if (++fields > HTTP_FIELDS_MAX)
			return 431;
		status = parse_field_line(head, line);
	}
	return status;
}

bool http_next_field(struct http_text *rest, struct http_text *name, struct http_text *value)
{
	*value = next_line(rest);
	if (value->len == 0)
		return false;
	*name = http_text_cut(value, ':');
	*value = http_text_trim(*value);
	return true;
}
