/* SPDX-License-Identifier: ISC */
/*
 * Domain names as they stand in messages: labels, each behind its length, the last one empty (RFC
 * 1035 section 3.1). Lengths are below the letters, so that letters can be compared and changed
 * without regard to where labels begin.
 */
#ifndef NET_DNS_NAME_H
#define NET_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	DNS_NAME_BYTES_MAX = 255, /* RFC 1035 section 2.3.4; as text 253 characters */
	DNS_LABEL_BYTES_MAX = 63,
};

struct dns_name {
	uint8_t len; /* with the empty label */
	uint8_t bytes[DNS_NAME_BYTES_MAX];
};

/*
 * Makes the name of `text`: labels of letters, digits, '-' and '_', divided by dots, one of which
 * may stand at the end. In small letters. ERR_INVALID.
 */
MUST_USE enum err dns_name_from_text(struct dns_name *name, const char *text);

/*
 * Puts the `len` bytes of the last labels, the empty one with them, behind those that `name` has so
 * far. ERR_INVALID: too long.
 */
MUST_USE enum err dns_name_append(struct dns_name *name, const uint8_t *labels, size_t len);

/* Whether both are the same but for large and small letters (RFC 4343). */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

/* The same of as many bytes of names: no length of a label is a letter. */
bool dns_bytes_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* Makes letters large where `bits`, one for each byte of a name, has a one. */
void dns_name_mix_case(struct dns_name *name, const uint8_t bits[static 32]);
void dns_name_to_lower(struct dns_name *name);

/* The same of a name's bytes, wherever they are. */
void dns_bytes_to_lower(uint8_t *bytes, size_t len);

/* "localhost" or a name below it (RFC 6761 section 6.3), of a name that was made of text. */
bool dns_name_is_localhost(const struct dns_name *name);

/* A message that is being read, and how far. */
struct dns_reader {
	const uint8_t *msg;
	size_t len, at;
};

/*
 * Reads the name at r->at, follows its compression pointers (RFC 1035 section 4.1.4) and moves
 * r->at behind it. A pointer must point to what stands in front of all that has been read of the
 * name, so a loop is impossible; the number of pointers is bounded too. ERR_INVALID.
 */
MUST_USE enum err dns_name_read(struct dns_name *name, struct dns_reader *r);

#endif
