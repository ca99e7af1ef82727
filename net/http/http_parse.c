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

/* What a request must say besides: RFC 9112 sections 3.2, 6.3. */
static unsigned conclude(struct http_head *head)
{
	if ((head->flags & (HTTP_HOST | HTTP_1_0)) == 0)
		return 400;
	head->request.has_body = (head->flags & HTTP_CHUNKED) != 0 || head->body_bytes > 0;
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
		status = http_parse_fields(head, &rest);
	*bytes = (uint16_t)(rest.at + 2 - header);
	return status == 0 ? conclude(head) : status;
}
