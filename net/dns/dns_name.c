/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_name.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
	POINTER_BITS = 0xc0,
	POINTERS_MAX = 16, /* writers need one; those that compress their pointers, a few */
};

static uint8_t to_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool is_letter(uint8_t c)
{
	return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

/* RFC 1123 section 2.1, and the underscore of service names (RFC 8552). */
static bool is_allowed(uint8_t c)
{
	return text_is_name_char((char)c) || c == '_';
}

/* Adds a label; the empty one that ends the name must still fit behind it. */
static bool add_label(struct dns_name *name, const uint8_t *label, size_t len)
{
	if (len == 0 || len > DNS_LABEL_BYTES_MAX || name->len + len + 2 > DNS_NAME_BYTES_MAX)
		return false;
	name->bytes[name->len++] = (uint8_t)len;
	memcpy(name->bytes + name->len, label, len);
	name->len = (uint8_t)(name->len + len);
	return true;
}

enum err dns_name_from_text(struct dns_name *name, const char *text)
{
	const uint8_t *next = (const uint8_t *)text;

	name->len = 0;
	do {
		size_t len = 0;
		while (len <= DNS_LABEL_BYTES_MAX && is_allowed(next[len]))
			len++;
		if (!add_label(name, next, len))
			return ERR_INVALID;
		next += len;
	} while (*next == '.' && *++next != '\0');
	if (*next != '\0')
		return ERR_INVALID;
	name->bytes[name->len++] = 0;
	dns_name_to_lower(name);
	return OK;
}

enum err dns_name_join(struct dns_name *name, const void *label, size_t len,
		       const struct dns_name *rest)
{
	name->len = 0;
	if (!add_label(name, label, len) || name->len + rest->len > DNS_NAME_BYTES_MAX)
		return ERR_INVALID;
	memcpy(name->bytes + name->len, rest->bytes, rest->len);
	name->len = (uint8_t)(name->len + rest->len);
	return OK;
}

bool dns_name_ends(const struct dns_name *a, size_t from, const struct dns_name *b)
{
	if (a->len - from != b->len)
		return false;
	for (unsigned i = 0; i < b->len; i++) {
		if (to_lower(a->bytes[from + i]) != to_lower(b->bytes[i]))
			return false;
	}
	return true;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return dns_name_ends(a, 0, b);
}

void dns_name_mix_case(struct dns_name *name, const uint8_t bits[static 32])
{
	for (unsigned i = 0; i < name->len; i++) {
		if (is_letter(name->bytes[i]) && (bits[i / 8] >> (i % 8) & 1) != 0)
			name->bytes[i] &= (uint8_t)~0x20;
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
	unsigned at = 0;

	while (at + sizeof(localhost) < name->len)
		at += 1u + name->bytes[at];
	return name->len - at == sizeof(localhost) &&
	       memcmp(name->bytes + at, localhost, sizeof(localhost)) == 0;
}

/* The way through a message of a name that is being read. */
struct walk {
	const uint8_t *msg;
	size_t len, at;
	size_t front; /* where the piece begins that is being read */
	size_t end;   /* behind the name, once a pointer has been followed; else 0 */
	unsigned followed;
};

static bool follow_pointer(struct walk *w)
{
	if (w->len - w->at < 2 || ++w->followed > POINTERS_MAX)
		return false;
	size_t to = load_be16(w->msg + w->at) & 0x3fff;
	if (w->end == 0)
		w->end = w->at + 2;
	if (to >= w->front)
		return false;
	w->at = w->front = to;
	return true;
}

enum err dns_name_read(struct dns_name *name, const uint8_t *msg, size_t len, size_t *at)
{
	struct walk w = {.msg = msg, .len = len, .at = *at, .front = *at};

	name->len = 0;
	while (w.at < w.len) {
		uint8_t length = w.msg[w.at];
		if ((length & POINTER_BITS) == POINTER_BITS) {
			if (!follow_pointer(&w))
				return ERR_INVALID;
			continue;
		}
		if (length == 0) {
			name->bytes[name->len++] = 0;
			*at = w.end != 0 ? w.end : w.at + 1;
			return OK;
		}
		/* A length over 63 is of a kind of label that never came to be (RFC 6891 5). */
		if (length > w.len - w.at - 1 || !add_label(name, w.msg + w.at + 1, length))
			return ERR_INVALID;
		w.at += 1u + length;
	}
	return ERR_INVALID;
}
