/* SPDX-License-Identifier: ISC */
/*
 * What drivers of a process need from its "processor": descriptors that interrupt when they
 * become readable or writable, and a word before the end.
 *
 * Descriptors are watched edge-triggered: one interrupt each time something new arrives.
 */
#ifndef ARCH_IMPL_DESCRIPTORS_H
#define ARCH_IMPL_DESCRIPTORS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/*
 * From now on, activity on `fd` is an interrupt of `line`. ERR_UNSUPPORTED for one that cannot be
 * waited for, such as a regular file, ERR_IO if the kernel refuses.
 */
MUST_USE enum err host_watch(int fd, uint32_t line);

void host_unwatch(int fd);

/* For the dispatcher: the next pending line, which is then no longer pending, or -1. */
int32_t host_next_line(void);

/*
 * Has `restore` called before the process ends, by whatever way: it may run in a signal handler,
 * so only async-signal-safe calls are allowed. There is one.
 */
void host_at_end(void (*restore)(void));

/* Microseconds since the process entered main(). */
uint64_t host_now_us(void);

#endif
