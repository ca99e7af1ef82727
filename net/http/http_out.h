/* SPDX-License-Identifier: ISC */
/*
 * Text of a header, put together from the front in memory of a fixed size. What has no room any
 * more is left out, and `full` says so.
 */
#ifndef NET_HTTP_HTTP_OUT_H
#define NET_HTTP_HTTP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_out {
	char *at; /* where the next byte goes */
	const char *end;
	bool full;
};

void http_put_bytes(struct http_out *o, const char *bytes, size_t len);

/* A NUL-terminated string, without its NUL. */
void http_put_text(struct http_out *o, const char *text);

/* A string literal, whose length the compiler knows. */
#define HTTP_OUT(o, text) http_put_bytes(o, text, sizeof(text) - 1)

/* To base 10 and 16, without leading zeros. */
void http_put_number(struct http_out *o, uint64_t value);
void http_put_hex(struct http_out *o, uint64_t value);

void http_put_end_of_line(struct http_out *o);

/* A field line without its end; `name` is all that comes before the value. */
void http_put_field(struct http_out *o, const char *name, size_t name_len, const char *value);

#endif
