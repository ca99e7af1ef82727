/* SPDX-License-Identifier: ISC */
/* Whether bytes are text in UTF-8 (RFC 3629): no overlong forms, no surrogates. Any context. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Checks a text piece by piece; zero it first. */
struct utf8 {
	uint8_t left;      /* bytes that the present character needs */
	uint8_t low, high; /* limits of the next one */
};

/* False if no text can have these bytes next. RFC 3629 section 4. */
MUST_USE bool utf8_feed(struct utf8 *u, const uint8_t *bytes, size_t len);

static inline bool utf8_is_complete(const struct utf8 *u)
{
	return u->left == 0;
}

#endif
