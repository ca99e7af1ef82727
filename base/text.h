/* SPDX-License-Identifier: ISC */
/*
 * Small questions about NUL-terminated texts.
 *
 * For names and words, a few characters long: the C library's strcmp() and strncmp() are built for
 * speed on long strings, and each is larger than all of its callers in a small image. Any context.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* Whether both are the same. */
COLD bool text_equal(const char *a, const char *b);

/* Whether `text`, NUL-terminated, begins with the `len` characters at `prefix`. */
COLD bool text_begins(const char *text, const char *prefix, size_t len);

/* A character of a label of a host's name (RFC 952, RFC 1123 section 2.1). */
COLD bool text_is_name_char(char c);

/* The value of a hexadecimal digit, of either case; -1 if `c` is none. */
COLD int text_hex_value(char c);

/*
 * Lists of texts: one behind the other, each ended by a NUL and the last by two: "yes\0no\0". They
 * take no pointers. text_place() returns the place of `text` in one, from 0, or -1; text_at() the
 * text at `place`, which must be in the list.
 */
COLD int text_place(const char *list, const char *text);
COLD const char *text_at(const char *list, unsigned place);

#endif
