/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client_internal.h"

/* Three digits: 100 to 599. The reason may be anything, or missing with its space. */
static bool parse_status(struct http_head *head, struct http_text line)
{
	struct http_text digits = http_text_cut(&line, ' ');
	uint64_t status;

	if (digits.len != 3 || !http_text_number(digits, &status))
		return false;
	head->status = (uint16_t)status;
	return status >= 100 && status <= 599;
}

enum err http_parse_response(struct http_head *head, const char *header, size_t len)
{
	struct http_text rest = {header, len};

	*head = (struct http_head){0};
	struct http_text line = http_next_line(&rest);
	struct http_text version = http_text_cut(&line, ' ');
	if (http_parse_version(head, version) != 0 || !parse_status(head, line))
		return ERR_INVALID;
	head->fields_at = (uint16_t)(rest.at - header);
	unsigned wrong = http_parse_fields(head, &rest);
	/* A length that no number holds: whoever else reads the connection may take it for another.
	 */
	if (wrong == 0 && head->body_bytes < UINT64_MAX)
		return OK;
	return wrong == 501 ? ERR_UNSUPPORTED : ERR_INVALID;
}

enum http_body_kind http_body_kind(const struct http_head *head, enum http_method method)
{
	if (method == HTTP_HEAD || head->status == 204 || head->status == 304)
		return HTTP_BODY_NONE;
	if ((head->flags & HTTP_CHUNKED) != 0)
		return HTTP_BODY_FRAMED;
	if ((head->flags & HTTP_LENGTH) != 0)
		return head->body_bytes > 0 ? HTTP_BODY_FRAMED : HTTP_BODY_NONE;
	return HTTP_BODY_UNTIL_CLOSE;
}
