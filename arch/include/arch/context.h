/* SPDX-License-Identifier: ISC */
/*
 * Execution contexts for cooperative fibers: a stack and the registers that a function
 * call preserves.
 */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

#include <stddef.h>

#include "base/attr.h"

#include "arch/impl/context.h" /* defines struct context */

/*
 * Prepares `c` so that the first switch to it calls entry(arg) on the stack of `bytes`
 * bytes at `stack` (the lowest address, 16-byte aligned). entry must not return.
 */
void context_init(struct context *c, void *stack, size_t bytes, void (*entry)(void *arg),
		  void *arg);

/* Saves the running context in `from` and continues `to`. Returns when something switches back. */
void context_switch(struct context *from, struct context *to);

/*
 * The switch that a fiber ends with: the same, but `from` will never be continued, and its
 * stack may be reused once `to` runs.
 */
NORETURN void context_finish(struct context *from, struct context *to);

#endif
