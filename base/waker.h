/* SPDX-License-Identifier: ISC */
/*
 * A waker tells somebody, later, that there is something to do.
 *
 * It is how a room that may not know the event loop (a driver, a protocol) asks for a
 * call: the loop hands out wakers. Waking is cheap, idempotent, allowed from interrupt
 * handlers, and never runs the work itself: that happens in the loop, after return.
 */
#ifndef BASE_WAKER_H
#define BASE_WAKER_H

#include <stddef.h>

struct waker {
	void (*wake)(void *arg); /* NULL: nobody listens */
	void *arg;
};

static inline void waker_wake(const struct waker *w)
{
	if (w->wake != NULL)
		w->wake(w->arg);
}

#endif
