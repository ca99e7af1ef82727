/* SPDX-License-Identifier: ISC */
/*
 * assert() states what only a bug in this program can make false. It stays in release
 * images: a wrong state stops at once, loudly, instead of going on with wrong memory.
 * Never assert on bytes, lengths or indices that come from outside.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <string.h> /* newlib's brings an assert() of its own along: it must come before ours */

#include "base/attr.h"

/* Reports the failed expression and stops the image. runtime/ provides it; tests fake it. */
NORETURN COLD void assert_failed(const char *expression, const char *file, unsigned line);

#undef assert
#define assert(e) (LIKELY(e) ? (void)0 : assert_failed(#e, __FILE__, __LINE__))

#endif
