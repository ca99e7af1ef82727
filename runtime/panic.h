/* SPDX-License-Identifier: ISC */
/*
 * The end of an image that has found itself broken.
 *
 * Everything here prints what happened, the registers of a fault, and the return addresses on one
 * line "backtrace: 0x… 0x…" for a tool to turn into source lines; then it ends the machine with
 * STATUS_PANIC or STATUS_FAULT (runtime/start.h). It takes no memory and trusts none: a fault in
 * the middle of the report ends the machine at once. Any context.
 */
#ifndef RUNTIME_PANIC_H
#define RUNTIME_PANIC_H

#include "base/attr.h"

/* Reports "panic: message" and ends the machine with STATUS_PANIC. */
NORETURN COLD PRINTF(1, 2) void panic(const char *format, ...);

/* The name of the running fiber, for the report; NULL outside of fibers. Set by runtime/fiber. */
extern const char *panic_fiber;

#endif
