/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client_internal.h"

static const struct http_field_rule rules[] = {
	HTTP_FIELD_RULE("connection", http_parse_connection),
	HTTP_FIELD_RULE("content-length", http_parse_content_length),
	HTTP_FIELD_RULE("transfer-encoding", http_parse_transfer_encoding),
};

/* Three digits: 100 to 599. The reason may be anything, or missing with its space. */
static bool parse_status(struct http_head *head, struct http_text line)
{
	if (line.len < 3 || (line.len > 3 && line.at[3] != ' '))
		return false;
	for (unsigned i = 0; i < 3; i++) {
		if (line.at[i] < '0' || line.at[i] > '9')
			return false;
		head->status = (uint16_t)(head->status * 10 + (line.at[i] - '0'));
	}
	return head->status >= 100 && head->status <= 599;
}

/*
 * What the fields say together. Both framings are refused, as is a length that no number holds
 * (RFC 9112 section 6.3): whoever else reads the connection may understand them otherwise.
 */
static enum err conclude(struct http_head *head)
{
	uint16_t flags = head->flags;

	if ((flags & HTTP_CODING) != 0 && (flags & (HTTP_LENGTH | HTTP_1_0)) != 0)
		return ERR_INVALID;
	if (head->body_bytes == UINT64_MAX)
		return ERR_INVALID;
	if ((flags & HTTP_1_0) != 0 && (flags & HTTP_KEEP) == 0)
		head->flags |= HTTP_CLOSE;
	return OK;
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
	unsigned wrong = http_parse_fields(head, &rest, rules, ARRAY_SIZE(rules));
	if (wrong != 0)
		return wrong == 501 ? ERR_UNSUPPORTED : ERR_INVALID;
	return conclude(head);
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
