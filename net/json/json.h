/* SPDX-License-Identifier: ISC */
/*
 * JSON texts (RFC 8259), read where they lie, without memory.
 *
 * json_parse() checks a text as a whole; its values are then runs of that text, which lead to their
 * members and items. What a value is not, or does not have, is told by `false`, so a document of
 * any form can be asked for what one hopes to find. Strings are shown as they stand in the text,
 * with their escapes. Any context.
 */
#ifndef NET_JSON_JSON_H
#define NET_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { JSON_DEPTH_MAX = 8 }; /* of arrays and objects in each other */

/* A value: its text, which json_parse() has checked, without white space around it. */
struct json {
	const char *at;
	size_t len;
};

/* False: `len` bytes of `text` are no JSON text, or nested too deeply. */
MUST_USE bool json_parse(struct json *value, const char *text, size_t len);

/* The member `key` of an object; the first of that name. */
MUST_USE bool json_member(struct json object, const char *key, struct json *value);

/* Takes the next item off *array, a copy of an array's value to begin with. False at its end. */
MUST_USE bool json_next(struct json *array, struct json *item);

/*
 * A number times ten to the power of `decimals`, cut off towards zero; of its digits the first 18
 * count. One that is too large for
 * the type is the largest, or smallest, that it holds.
 */
MUST_USE bool json_number(struct json value, unsigned decimals, int64_t *number);

/* The value is `true`. */
bool json_is_true(struct json value);

#endif
