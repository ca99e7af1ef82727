/* SPDX-License-Identifier: ISC */
/*
 * The timer of a core: a monotonic counter and one alarm.
 *
 * Time is microseconds since the image was entered, even if the driver was initialised later, in 64
 * bits: it never wraps, never jumps, and is not the time of day (hal/clock.h). The runtime owns
 * the one alarm and multiplexes it; everybody else uses runtime/loop/timeout.h.
 */
#ifndef HAL_TIMER_H
#define HAL_TIMER_H

#include <stdint.h>

#include "base/waker.h"

#define TIME_NEVER UINT64_MAX
#define US_PER_MS  1000u
#define US_PER_S   1000000u

/* The earlier of two times. To collect deadlines: MIN() would poll a layer twice. */
static inline uint64_t time_earlier(uint64_t a_us, uint64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

struct timer;

struct timer_ops {
	uint64_t (*now_us)(struct timer *t);
	void (*arm)(struct timer *t, uint64_t deadline_us);
};

struct timer {
	const struct timer_ops *ops;
	struct waker alarm; /* woken from the interrupt handler; set by the runtime */
};

/* The time now. Any context. */
static inline uint64_t timer_now_us(struct timer *t)
{
	return t->ops->now_us(t);
}

/*
 * Replaces the alarm: its interrupt comes at `deadline_us` or soon after, at once if that
 * has passed, and not at all for TIME_NEVER. It may come early if the hardware cannot
 * count so far; the runtime looks at the time again. Interrupts masked or not.
 */
static inline void timer_arm(struct timer *t, uint64_t deadline_us)
{
	t->ops->arm(t, deadline_us);
}

#endif
