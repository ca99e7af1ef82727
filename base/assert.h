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
#ifdef ASSERT_TRAPS
/*
 * In images: one trap instruction, which the fatal path reports as a failed assertion with its
 * address; the debug information has the line (tools/symbolize.py). A tenth of an image would
 * otherwise be expressions and file names. The empty statement keeps the compiler from merging
 * the traps of a function into one.
 */
#define assert(e)                                                                                  \
	(LIKELY(e) ? (void)0 : ({                                                                  \
		__asm__ volatile("" ::"i"(__LINE__));                                              \
		__builtin_trap();                                                                  \
	}))
#else
#define assert(e) (LIKELY(e) ? (void)0 : assert_failed(#e, __FILE__, __LINE__))
#endif

#endif
