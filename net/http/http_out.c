/* SPDX-License-Identifier: ISC */
#include "net/http/http_out.h"

#include <string.h>

#include "base/attr.h"
#include "base/divide.h"

NOINLINE void http_put_bytes(struct http_out *o, const char *bytes, size_t len)
{
	if (len > (size_t)(o->end - o->at)) {
		o->full = true;
		return;
	}
	memcpy(o->at, bytes, len);
	o->at += len;
}

void http_put_text(struct http_out *o, const char *text)
{
	http_put_bytes(o, text, strlen(text));
}

/* The last digit comes first: they are turned round where they stand. */
static void put_digits(struct http_out *o, uint64_t value, unsigned base)
{
	char *first = o->at, *at = first;
	do {
		uint32_t digit;
		if (at == o->end) {
			o->full = true;
			return;
		}
		value = divide(value, base, &digit);
		*at++ = "0123456789abcdef"[digit];
	} while (value > 0);
	o->at = at--;
	for (; first < at; first++, at--) {
		char last = *at;
		*at = *first;
		*first = last;
	}
}

NOINLINE void http_put_number(struct http_out *o, uint64_t value)
{
	put_digits(o, value, 10);
}

void http_put_hex(struct http_out *o, uint64_t value)
{
	put_digits(o, value, 16);
}

NOINLINE void http_put_end_of_line(struct http_out *o)
{
	HTTP_OUT(o, "\r\n");
}

NOINLINE void http_put_field(struct http_out *o, const char *name, size_t name_len,
			     const char *value)
{
	http_put_bytes(o, name, name_len);
	http_put_text(o, value);
}
