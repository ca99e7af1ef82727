/* SPDX-License-Identifier: ISC */
/*
 * The time of day, carried on by the monotonic time (hal/timer.h), which callers pass.
 *
 * Set from a clock chip or by a protocol (net/sntp), it may be unknown until then: 0. A small
 * correction is slewed: the clock runs up to 1/2048 faster or slower until it is made up for, so
 * that it never goes back; a large one is a step. A value without I/O: the owner keeps it, anybody
 * may read it. Not for interrupt handlers.
 */
#ifndef BASE_WALL_CLOCK_H
#define BASE_WALL_CLOCK_H

#include <stdint.h>

#include "base/attr.h"

enum {
	WALL_CLOCK_SLEW_MAX_US = 128000, /* STEPT of RFC 5905, figure 28 */
	WALL_CLOCK_SLEW_SHIFT = 11,      /* 488 of a million: RFC 5905 allows 500 */
};

/* All zeros: unknown. */
struct wall_clock {
	uint64_t unix_us; /* microseconds since 1970-01-01 00:00 UTC at at_us; 0: unknown */
	uint64_t at_us;
	int64_t slew_us; /* to be gained (or, if negative, lost) from at_us on */
};

/* Microseconds since 1970-01-01 00:00 UTC, without leap seconds, at `now_us`; 0: unknown. */
uint64_t wall_clock_us(const struct wall_clock *w, uint64_t now_us);

/* It is `unix_us`, not 0. */
void wall_clock_set(struct wall_clock *w, uint64_t now_us, uint64_t unix_us);

/*
 * A known clock is behind by `offset_us`, as it reads now: slews, or steps if that is more than
 * WALL_CLOCK_SLEW_MAX_US either way. What is left of an earlier correction is forgotten.
 */
void wall_clock_adjust(struct wall_clock *w, uint64_t now_us, int64_t offset_us);

#endif
