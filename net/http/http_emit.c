/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "net/http/http_internal.h"
#include "net/http/http_out.h"

/* The status lines that have words; others go without. */
#define STATUSES(X)                                                                                \
	X(200, "OK")                                                                               \
	X(201, "Created")                                                                          \
	X(202, "Accepted")                                                                         \
	X(204, "No Content")                                                                       \
	X(206, "Partial Content")                                                                  \
	X(304, "Not Modified")                                                                     \
	X(400, "Bad Request")                                                                      \
	X(401, "Unauthorized")                                                                     \
	X(403, "Forbidden")                                                                        \
	X(404, "Not Found")                                                                        \
	X(405, "Method Not Allowed")                                                               \
	X(406, "Not Acceptable")                                                                   \
	X(408, "Request Timeout")                                                                  \
	X(409, "Conflict")                                                                         \
	X(412, "Precondition Failed")                                                              \
	X(413, "Content Too Large")                                                                \
	X(414, "URI Too Long")                                                                     \
	X(415, "Unsupported Media Type")                                                           \
	X(416, "Range Not Satisfiable")                                                            \
	X(417, "Expectation Failed")                                                               \
	X(422, "Unprocessable Content")                                                            \
	X(426, "Upgrade Required")                                                                 \
	X(429, "Too Many Requests")                                                                \
	X(431, "Request Header Fields Too Large")                                                  \
	X(500, "Internal Server Error")                                                            \
	X(501, "Not Implemented")                                                                  \
	X(503, "Service Unavailable")                                                              \
	X(505, "HTTP Version Not Supported")
#define STATUS_TEXT(number, text) #number " " text "\n\0"

static unsigned number_of(const char *line)
{
	return (unsigned)(line[0] - '0') * 100 + (unsigned)(line[1] - '0') * 10 +
	       (unsigned)(line[2] - '0');
}

const char *http_find_status_text(unsigned status)
{
	static const char lines[] = STATUSES(STATUS_TEXT);
	for (const char *line = lines; *line != '\0'; line += strlen(line) + 1) {
		if (number_of(line) == status)
			return line;
	}
	return NULL;
}

/*
 * Each line begins with the end of the line before, so that a literal puts both at once. A field
 * with its name, a literal like "\r\nContent-Type: ", unless there is no value.
 */
#define PUT_FIELD(o, name, value)                                                                  \
	do {                                                                                       \
		if ((value) != NULL)                                                               \
			http_put_field(o, name, sizeof(name) - 1, value);                          \
	} while (0)

static void put_status_line(struct http_out *o, unsigned status)
{
	const char *text = http_status_text(status);
	HTTP_OUT(o, "HTTP/1.1 ");
	if (text != NULL) {
		http_put_bytes(o, text, strlen(text) - 1);
	} else {
		http_put_number(o, status);
		http_put_text(o, " "); /* the reason may be empty, the space may not */
	}
}

static void put_date(struct http_out *o, struct http *h, uint64_t date_s)
{
	if (!http_parts.date || date_s == 0)
		return;
	if (h->date_s != date_s) {
		static const char name[HTTP_DATE_NAME_CHARS] = "\r\nDate: ";
		h->date_s = date_s;
		memcpy(h->date, name, sizeof(name));
		http_format_date(date_s, h->date + sizeof(name));
	}
	http_put_bytes(o, h->date, sizeof(h->date));
}

/* Content-Range: bytes 0-9/100, or for 416: bytes (any)/100, written with an asterisk. */
static void put_content_range(struct http_out *o, const struct http_reply *r)
{
	http_put_text(o, "\r\nContent-Range: bytes ");
	if (r->status == 206) {
		http_put_number(o, r->first);
		http_put_text(o, "-");
		http_put_number(o, r->end - 1);
	} else {
		http_put_text(o, "*");
	}
	http_put_text(o, "/");
	http_put_number(o, r->total);
}

/* How the body ends (RFC 9112 section 6); 204 and 304 say nothing of it. */
static void put_framing(struct http_out *o, const struct http_conn *c)
{
	const struct http_reply *r = &c->reply;
	if (r->status == 204 || r->status == 304)
		return;
	if (!http_length_unknown(r)) {
		HTTP_OUT(o, "\r\nContent-Length: ");
		http_put_number(o, r->end - r->first);
	} else if ((c->head.flags & HTTP_1_0) == 0) {
		http_put_text(o, "\r\nTransfer-Encoding: chunked");
	}
}

static void put_etag(struct http_out *o, uint64_t etag)
{
	HTTP_OUT(o, "\r\nETag: ");
	if (o->end - o->at < HTTP_ETAG_CHARS) {
		o->full = true;
		return;
	}
	http_format_etag(etag, o->at);
	o->at += HTTP_ETAG_CHARS;
}

static void put_validators(struct http_out *o, const struct http_reply *r)
{
	if (http_parts.conditions && r->etag != 0) {
		put_etag(o, r->etag);
		if (!http_length_unknown(r) && r->status != 304)
			HTTP_OUT(o, "\r\nAccept-Ranges: bytes");
	}
	if (http_parts.conditions && (r->status == 206 || r->status == 416))
		put_content_range(o, r);
	PUT_FIELD(o, "\r\nCache-Control: ", r->cache_control);
}

static void put_allow(struct http_out *o, const struct http_conn *c)
{
	unsigned methods = http_allowed_methods(c->http, c->route) | 1u << HTTP_OTHER;
	const char *between = "\r\nAllow: ";

	for (size_t i = 0; i < HTTP_METHODS_ALLOWED; i++) {
		const struct http_method_name *m = &http_method_names[i];
		if ((methods >> m->method & 1) == 0)
			continue;
		http_put_text(o, between);
		http_put_bytes(o, m->name, strlen(m->name) - 1);
		between = ", ";
	}
}

/* RFC 9112 section 9.3. */
static void put_connection(struct http_out *o, uint16_t flags)
{
	if ((flags & HTTP_CLOSE) != 0)
		http_put_text(o, "Connection: close\r\n");
	else if ((flags & HTTP_1_0) != 0)
		http_put_text(o, "Connection: keep-alive\r\n");
}

size_t http_emit_header(struct http_conn *c, char text[static HTTP_REPLY_HEADER_BYTES])
{
	const struct http_reply *r = &c->reply;
	struct http_out o = {.at = text, .end = text + HTTP_REPLY_HEADER_BYTES};
	put_status_line(&o, r->status);
	put_date(&o, c->http, r->date_s);
	PUT_FIELD(&o, "\r\nContent-Type: ", r->content_type);
	if (r->gzip)
		HTTP_OUT(&o, "\r\nContent-Encoding: gzip");
	put_framing(&o, c);
	put_validators(&o, r);
	if (r->status == 405 || (r->status == 204 && (c->head.flags & HTTP_OPTIONS) != 0))
		put_allow(&o, c);
	/* From here on lines have their own ends, as the application's do. */
	http_put_end_of_line(&o);
	if (r->fields != NULL)
		http_put_text(&o, r->fields);
	put_connection(&o, c->head.flags);
	http_put_end_of_line(&o);
	assert(!o.full); /* an application's longer strings are its bug */
	return (size_t)(o.at - text);
}

size_t http_emit_frame(const struct http_reply *r, char text[static 24])
{
	struct http_out o = {.at = text, .end = text + 24};
	if (r->offset > 0)
		http_put_end_of_line(&o); /* the end of the chunk before */
	http_put_hex(&o, r->body.len);
	http_put_end_of_line(&o);
	if (r->body.len == 0)
		http_put_end_of_line(&o); /* the empty trailer section of the last chunk */
	return (size_t)(o.at - text);
}
