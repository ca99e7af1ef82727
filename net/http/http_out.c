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

GUARDED void http_put_number(struct http_out *o, uint64_t value, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);
	while (value > UINT32_MAX) {
		uint32_t digit;
		value = divide(value, base, &digit);
		digits[--at] = "0123456789abcdef"[digit];
	}
	uint32_t rest = (uint32_t)value;
	do {
		digits[--at] = "0123456789abcdef"[rest % base];
		rest /= base;
	} while (rest > 0);
	http_put_bytes(o, digits + at, sizeof(digits) - at);
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
