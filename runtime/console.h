/* SPDX-License-Identifier: ISC */
/*
 * Text for a person, on the board's console.
 *
 * Written at once, byte by byte into the device, without a heap and without a lock: good for the
 * fatal path too. Line feeds become CR LF, as terminals on a serial line want them.
 */
#ifndef RUNTIME_CONSOLE_H
#define RUNTIME_CONSOLE_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"

enum { CONSOLE_LINE_BYTES = 200 };

/* Writes `text`. */
void console_write(const char *text);

/* Formats and writes at most CONSOLE_LINE_BYTES - 1 bytes; what is cut off is marked with "…". */
PRINTF(1, 2) void console_printf(const char *format, ...);

/*
 * Formats into `line`, CONSOLE_LINE_BYTES long, from offset `len`, and returns the new length. Text
 * that does not fit is cut, not within a character of UTF-8, and marked with "…". Control
 * characters other than a line feed, which may come from a stranger, become "?".
 */
size_t console_format(char *line, size_t len, const char *format, va_list *ap);

#endif
