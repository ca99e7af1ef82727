/* SPDX-License-Identifier: ISC */
#include "net/http/http_parse.h"
#include "base/attr.h"

#include <string.h>

/* --- request line ---------------------------------------------------------------------------- */

const struct http_method_name http_method_names[] = {
	{"GET ", HTTP_GET, 0},
	{"HEAD ", HTTP_HEAD, 0},
	{"OPTIONS ", HTTP_OTHER, HTTP_OPTIONS},
	{"POST ", HTTP_POST, 0},
	{"PUT ", HTTP_PUT, 0},
	{"DELETE ", HTTP_DELETE, 0},
	{"PATCH ", HTTP_PATCH, 0},
	{"CONNECT ", HTTP_OTHER, HTTP_CONNECT},
	{"TRACE ", HTTP_OTHER, 0},
};

/* Takes the method off the front, and the space behind it: 0, 400 or 501. */
static unsigned take_method(struct http_head *head, struct http_text *rest)
{
	struct http_text other;
	for (size_t i = 0; i < ARRAY_SIZE(http_method_names); i++) {
		const struct http_method_name *known = &http_method_names[i];
		size_t len = http_text_begins(*rest, known->name);
		if (len > 0) {
			head->request.method = known->method;
			head->flags |= known->flag;
			http_text_skip(rest, len);
			return 0;
		}
	}
	return http_take_word(rest, HTTP_CHAR_TOKEN, ' ', &other) ? 501 : 400;
}

/* request-line = method SP request-target SP HTTP-version (RFC 9112 section 3) */
static unsigned parse_request_line(struct http_head *head, struct http_text *rest)
{
	struct http_target target;
	unsigned method_status = take_method(head, rest);
	if (method_status == 400 || !http_take_target(rest, &target))
		return 400;
	unsigned status = http_take_version(head, rest);
	if (status == 0)
		status = method_status;
	if (status == 0)
		status = http_parse_target(head, &target);
	return status;
}

/* --- fields ---------------------------------------------------------------------------------- */

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

static unsigned parse_condition(struct http_head *head, struct http_text value)
{
	(void)value;
	head->flags |= HTTP_CONDITIONAL;
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

static const struct http_field_rule rules[] = {
	HTTP_FIELD_RULE("host", parse_host),
	HTTP_FIELD_RULE("connection", http_parse_connection),
	HTTP_FIELD_RULE("content-length", http_parse_content_length),
	HTTP_FIELD_RULE("transfer-encoding", http_parse_transfer_encoding),
	HTTP_FIELD_RULE("accept-encoding", parse_accept_encoding),
	HTTP_FIELD_RULE("expect", parse_expect),
	HTTP_FIELD_RULE("if-none-match", parse_condition),
	HTTP_FIELD_RULE("if-match", parse_condition),
	HTTP_FIELD_RULE("range", parse_condition),
};

bool http_is_read(struct http_text name)
{
	return http_has_rule(name, rules, ARRAY_SIZE(rules));
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

unsigned http_parse_head(struct http_head *head, const char *header, size_t len, uint16_t *bytes)
{
	struct http_text rest = {header, len};
	*head = (struct http_head){.request.method = HTTP_OTHER};
	if (len == 0 || header[len - 1] != '\n')
		return 400; /* nothing that is looked for in the text runs over a line feed */
	unsigned status = parse_request_line(head, &rest);
	head->fields_at = (uint16_t)(rest.at - header);
	if (status == 0)
		status = http_parse_fields(head, &rest, rules, ARRAY_SIZE(rules));
	*bytes = (uint16_t)(rest.at + 2 - header);
	return status == 0 ? conclude(head) : status;
}
