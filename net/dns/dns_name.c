/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_name.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
	POINTER_BITS = 0xc0,
	POINTER_TO = 0x3fff,
	POINTERS_MAX = 16, /* writers need one; those that compress their pointers, a few */
};

static uint8_t to_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* RFC 1123 section 2.1, and the underscore of service names (RFC 8552). */
static bool is_allowed(uint8_t c)
{
	return text_is_name_char((char)c) || c == '_';
}

enum err dns_name_from_text(struct dns_name *name, const char *text)
{
	unsigned label = 0, len = 1; /* where the last one begins, and where the next byte goes */

	for (; len < DNS_NAME_BYTES_MAX; text++) {
		if (is_allowed((uint8_t)*text)) {
			name->bytes[len++] = to_lower((uint8_t)*text);
			continue;
		}
		unsigned length = len - label - 1;
		if (length == 0 || length > DNS_LABEL_BYTES_MAX)
			return ERR_INVALID;
		name->bytes[label] = (uint8_t)length;
		label = len++;
		if (*text == '.' && text[1] != '\0')
			continue;
		if (*text != '.' && *text != '\0')
			return ERR_INVALID;
		name->bytes[label] = 0;
		name->len = (uint8_t)len;
		return OK;
	}
	return ERR_INVALID;
}

enum err dns_name_append(struct dns_name *name, const uint8_t *labels, size_t len)
{
	if (name->len + len > DNS_NAME_BYTES_MAX)
		return ERR_INVALID;
	memcpy(name->bytes + name->len, labels, len);
	name->len = (uint8_t)(name->len + len);
	return OK;
}

bool dns_bytes_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (to_lower(a[i]) != to_lower(b[i]))
			return false;
	}
	return true;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && dns_bytes_equal(a->bytes, b->bytes, a->len);
}

void dns_name_mix_case(struct dns_name *name, const uint8_t bits[static 32])
{
	for (unsigned i = 0; i < name->len; i++) {
		uint8_t *c = &name->bytes[i];
		if (*c >= 'a' && *c <= 'z' && (bits[i / 8] >> (i % 8) & 1) != 0)
			*c &= (uint8_t)~0x20;
	}
}

void dns_bytes_to_lower(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = to_lower(bytes[i]);
}

void dns_name_to_lower(struct dns_name *name)
{
	dns_bytes_to_lower(name->bytes, name->len);
}

bool dns_name_is_localhost(const struct dns_name *name)
{
	static const uint8_t localhost[] = "\11localhost"; /* its NUL is the empty label */

	/* Its length is no character of a name, so a label begins there. */
	return name->len >= sizeof(localhost) && memcmp(name->bytes + name->len - sizeof(localhost),
							localhost, sizeof(localhost)) == 0;
}

/* Follows the pointer at *at; what it leads to must stand in front of `front`. */
static bool follow_pointer(const struct dns_reader *r, size_t *at, size_t front)
{
	if (r->len - *at < 2)
		return false;
	*at = load_be16(r->msg + *at) & POINTER_TO;
	return *at < front;
}

enum err dns_name_read(struct dns_name *name, struct dns_reader *r)
{
	size_t at = r->at, front = at; /* where the piece begins that is being read */
	unsigned followed = 0;

	name->len = 0;
	while (at < r->len) {
		uint8_t length = r->msg[at];
		if ((length & POINTER_BITS) == POINTER_BITS) {
			if (followed++ == 0)
				r->at = at + 2;
			if (followed > POINTERS_MAX || !follow_pointer(r, &at, front))
				return ERR_INVALID;
			front = at;
			continue;
		}
		/* A length over 63 is of a kind of label that never came to be (RFC 6891 5). */
		if (length > DNS_LABEL_BYTES_MAX || length >= r->len - at ||
		    dns_name_append(name, r->msg + at, 1u + length) != OK)
			return ERR_INVALID;
		at += 1u + length;
		if (length > 0)
			continue;
		if (followed == 0)
			r->at = at;
		return OK;
	}
	return ERR_INVALID;
}
