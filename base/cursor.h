/* SPDX-License-Identifier: ISC */
/*
 * A cursor reads untrusted bytes from front to back.
 *
 * Failure is sticky: a read past the end yields zero and marks the cursor, and every
 * later read does the same. So a parser reads a whole header and asks cursor_ok()
 * once, before it acts on anything. The cursor borrows the bytes; it allocates
 * nothing and may be used anywhere, interrupts included.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct cursor {
	const uint8_t *next; /* NULL: it has failed */
	size_t left;         /* bytes */
};

static inline struct cursor cursor_over(const void *bytes, size_t len)
{
	return (struct cursor){.next = bytes, .left = len};
}

/* True if no read so far went past the end. */
static inline bool cursor_ok(const struct cursor *c)
{
	return c->next != NULL;
}

/* Marks the cursor as failed: for a parser that finds a value that the rules forbid. */
static inline void cursor_fail(struct cursor *c)
{
	c->next = NULL;
	c->left = 0;
}

/* The next `len` bytes, borrowed, and moves past them; NULL and failure if fewer are left. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *p = c->next;
	if (len > c->left || p == NULL) {
		cursor_fail(c);
		return NULL;
	}
	c->next += len;
	c->left -= len;
	return p;
}

static inline void cursor_skip(struct cursor *c, size_t len)
{
	(void)cursor_bytes(c, len);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);
	return p != NULL ? *p : 0;
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);
	return p != NULL ? load_be16(p) : 0;
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);
	return p != NULL ? load_be32(p) : 0;
}

#endif
