/* SPDX-License-Identifier: ISC */
/*
 * Timeouts: call a function, once, at a given time, from the event loop.
 *
 * The caller owns the structure, embedded in whatever it serves; setting it takes no memory and
 * cannot fail. Setting one that is pending moves it; cancelling one that is not does nothing.
 * Not for interrupt handlers.
 */
#ifndef RUNTIME_TIMEOUT_H
#define RUNTIME_TIMEOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/timer.h"

struct timeout {
	/* A node of a pairing heap ordered by deadline: set is O(1), cancel O(log n) amortised. */
	struct timeout *child, *sibling, **link;
	void (*fn)(struct timeout *t, uint64_t now_us);
	uint64_t deadline_us; /* TIME_NEVER unless it is pending */
};

#define TIMEOUT_INIT(function)                                                                     \
	{                                                                                          \
		.fn = (function), .deadline_us = TIME_NEVER                                        \
	}

/* Prepares `t` to call `fn`, which finds its context by container_of(). Once, before the first set.
 */
void timeout_init(struct timeout *t, void (*fn)(struct timeout *t, uint64_t now_us));

/* Calls fn at `deadline_us` (hal/timer.h) or as soon after as the loop is free. */
void timeout_set(struct timeout *t, uint64_t deadline_us);

/* Makes sure that it is not called, unless set again. */
void timeout_cancel(struct timeout *t);

bool timeout_pending(const struct timeout *t);

#endif
