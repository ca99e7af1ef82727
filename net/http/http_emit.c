/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "net/http/http_internal.h"

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
#define STATUS_NUMBER(number, text) number,
#define STATUS_TEXT(number, text)   #number " " text "\n",

const char *http_status_text(unsigned status)
{
	static const uint16_t numbers[] = {STATUSES(STATUS_NUMBER)};
	static const char *const texts[] = {STATUSES(STATUS_TEXT)};
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (numbers[i] == status)
			return texts[i];
	}
	return NULL;
}

/* Where the next byte goes. */
struct out {
	char *at;
	const char *end;
};

static NOINLINE void put_bytes(struct out *o, const char *bytes, size_t len)
{
	assert(len <= (size_t)(o->end - o->at));
	memcpy(o->at, bytes, len);
	o->at += len;
}

/* A string literal, whose length the compiler knows. */
#define PUT(o, text) put_bytes(o, text, sizeof(text) - 1)

static NOINLINE void put_number(struct out *o, uint64_t value, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);
	/* Most numbers fit a machine word, and long division is slow on 32-bit processors. */
	for (; value > UINT32_MAX; value /= base)
		digits[--at] = "0123456789abcdef"[value % base];
	uint32_t rest = (uint32_t)value;
	do {
		digits[--at] = "0123456789abcdef"[rest % base];
		rest /= base;
	} while (rest > 0);
	put_bytes(o, digits + at, sizeof(digits) - at);
}

static void put_text(struct out *o, const char *text)
{
	put_bytes(o, text, strlen(text));
}

static NOINLINE void put_end_of_line(struct out *o)
{
	PUT(o, "\r\n");
}

static NOINLINE void put_field(struct out *o, const char *name, size_t name_len, const char *value)
{
	put_bytes(o, name, name_len);
	put_text(o, value);
	put_end_of_line(o);
}

/* A whole field line, unless there is no value; the name is a literal, "Content-Type: ". */
#define PUT_FIELD(o, name, value)                                                                  \
	do {                                                                                       \
		if ((value) != NULL)                                                               \
			put_field(o, name, sizeof(name) - 1, value);                               \
	} while (0)

static void put_status_line(struct out *o, unsigned status)
{
	const char *text = http_status_text(status);
	PUT(o, "HTTP/1.1 ");
	if (text != NULL) {
		put_bytes(o, text, strlen(text) - 1);
	} else {
		put_number(o, status, 10);
		PUT(o, " "); /* the reason may be empty, the space may not */
	}
	put_end_of_line(o);
}

static void put_date(struct out *o, struct http *h, uint64_t date_s)
{
	if (date_s == 0)
		return;
	if (h->date_s != date_s) {
		h->date_s = date_s;
		http_format_date(date_s, h->date);
	}
	PUT(o, "Date: ");
	put_bytes(o, h->date, sizeof(h->date));
	put_end_of_line(o);
}

/* Content-Range: bytes 0-9/100, or for 416: bytes (any)/100, written with an asterisk. */
static void put_content_range(struct out *o, const struct http_reply *r)
{
	PUT(o, "Content-Range: bytes ");
	if (r->status == 206) {
		put_number(o, r->first, 10);
		PUT(o, "-");
		put_number(o, r->end - 1, 10);
	} else {
		PUT(o, "*");
	}
	PUT(o, "/");
	put_number(o, r->total, 10);
	put_end_of_line(o);
}

/* How the body ends (RFC 9112 section 6); 204 and 304 say nothing of it. */
static void put_framing(struct out *o, const struct http_conn *c)
{
	const struct http_reply *r = &c->reply;
	if (r->status == 204 || r->status == 304)
		return;
	if (r->end != HTTP_LENGTH_UNKNOWN) {
		PUT(o, "Content-Length: ");
		put_number(o, r->end - r->first, 10);
		put_end_of_line(o);
	} else if ((c->head.flags & HTTP_1_0) == 0) {
		PUT(o, "Transfer-Encoding: chunked\r\n");
	}
}

static void put_validators(struct out *o, const struct http_reply *r)
{
	if (r->etag != 0) {
		char etag[HTTP_ETAG_CHARS];
		http_format_etag(r->etag, etag);
		PUT(o, "ETag: ");
		put_bytes(o, etag, sizeof(etag));
		put_end_of_line(o);
		if (r->end != HTTP_LENGTH_UNKNOWN && r->status != 304)
			PUT(o, "Accept-Ranges: bytes\r\n");
	}
	if (r->status == 206 || r->status == 416)
		put_content_range(o, r);
	PUT_FIELD(o, "Cache-Control: ", r->cache_control);
}

static void put_allow(struct out *o, const struct http_conn *c)
{
	bool post = c->route != NULL && c->route->body != NULL;
	PUT(o, "Allow: GET, HEAD, OPTIONS");
	if (post)
		PUT(o, ", POST");
	put_end_of_line(o);
}

/* RFC 9112 section 9.3. */
static void put_connection(struct out *o, uint16_t flags)
{
	if ((flags & HTTP_CLOSE) != 0)
		PUT(o, "Connection: close\r\n");
	else if ((flags & HTTP_1_0) != 0)
		PUT(o, "Connection: keep-alive\r\n");
}

size_t http_emit_header(struct http_conn *c, char text[static HTTP_REPLY_HEADER_BYTES])
{
	const struct http_reply *r = &c->reply;
	struct out o = {.at = text, .end = text + HTTP_REPLY_HEADER_BYTES};
	put_status_line(&o, r->status);
	put_date(&o, c->http, r->date_s);
	PUT_FIELD(&o, "Content-Type: ", r->content_type);
	if (r->gzip)
		PUT(&o, "Content-Encoding: gzip\r\n");
	put_framing(&o, c);
	put_validators(&o, r);
	if (r->status == 405 || (r->status == 204 && (c->head.flags & HTTP_OPTIONS) != 0))
		put_allow(&o, c);
	if (r->fields != NULL)
		put_text(&o, r->fields);
	put_connection(&o, c->head.flags);
	put_end_of_line(&o);
	return (size_t)(o.at - text);
}

size_t http_emit_frame(const struct http_reply *r, char text[static 24])
{
	struct out o = {.at = text, .end = text + 24};
	if (r->offset > 0)
		put_end_of_line(&o); /* the end of the chunk before */
	put_number(&o, r->body.len, 16);
	put_end_of_line(&o);
	if (r->body.len == 0)
		put_end_of_line(&o); /* the empty trailer section of the last chunk */
	return (size_t)(o.at - text);
}
