/* SPDX-License-Identifier: ISC */
/*
 * Between a counter's ticks and microseconds, by a multiplication and a shift: no division, and
 * nothing wider than 32 by 32 bits, so that it is as quick on 32-bit cores.
 *
 * The error is below one part in 2^31, cut off towards zero: less than a second in 60 years, all of
 * it in the same direction, so that time never jumps back. Pure functions.
 */
#ifndef BASE_SCALE_H
#define BASE_SCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* us = ticks * us_mult / 2^(32 + us_shift), ticks = us * ticks_mult / 2^ticks_shift. */
struct scale {
	uint32_t us_mult, ticks_mult;
	uint8_t us_shift, ticks_shift;
};

enum { SCALE_HZ_MIN = 1000000 };

/*
 * a / b * 2^n, rounded down, for the least n from `least` to `most` that gives it 32 bits (`most`
 * if none does), one bit of the quotient at a time.
 */
static SELDOM UNUSED uint64_t scale_ratio(uint32_t a, uint32_t b, unsigned least, unsigned most,
					  unsigned *n)
{
	uint64_t quotient = a / b, rest = a % b;

	for (*n = 0; *n < least || (*n < most && quotient <= UINT32_MAX / 2); ++*n) {
		rest *= 2;
		quotient = quotient * 2 + (rest >= b);
		rest -= rest >= b ? b : 0;
	}
	return quotient;
}

/*
 * The same of constants, which the compiler then works out: a / b is within a factor of 2 of what
 * their bits say, so one of two n is the least. `a` * 2^most is below 2^64.
 */
ALWAYS_INLINE uint64_t scale_ratio_of_constants(uint32_t a, uint32_t b, unsigned least,
						unsigned most, unsigned *n)
{
	unsigned at = 31 + (unsigned)__builtin_clz(a) - (unsigned)__builtin_clz(b);

	at += ((uint64_t)a << MIN(at, most)) / b <= UINT32_MAX / 2;
	*n = MIN(MAX(at, least), most);
	return ((uint64_t)a << *n) / b;
}

/* Computes the factors for `hz` ticks a second. ERR_UNSUPPORTED under SCALE_HZ_MIN. */
static inline enum err scale_init(struct scale *s, uint32_t hz)
{
	const uint32_t us_per_s = 1000000;
	unsigned n;

	if (hz < SCALE_HZ_MIN)
		return ERR_UNSUPPORTED;
	bool known = __builtin_constant_p(hz);
	uint64_t us = known ? scale_ratio_of_constants(us_per_s, hz, 32, 43, &n)
			    : scale_ratio(us_per_s, hz, 32, 43, &n);
	s->us_mult = (uint32_t)MIN(us, UINT32_MAX);
	s->us_shift = (uint8_t)(n - 32);
	s->ticks_mult = (uint32_t)(known ? scale_ratio_of_constants(hz, us_per_s, 0, 31, &n)
					 : scale_ratio(hz, us_per_s, 0, 31, &n));
	s->ticks_shift = (uint8_t)n;
	return OK;
}

/* Microseconds that `ticks` take: correct for all 2^64 values. */
static inline uint64_t scale_us(const struct scale *s, uint64_t ticks)
{
	uint64_t high = (ticks >> 32) * s->us_mult;
	uint64_t low = (ticks & UINT32_MAX) * s->us_mult;

	/* high * 2^32 + low, without its lowest 32 bits; the sum stays below 2^64. */
	return (high + (low >> 32)) >> s->us_shift;
}

/* Ticks that are over when `us` microseconds are: rounded up. */
static inline uint64_t scale_ticks(const struct scale *s, uint32_t us)
{
	return ((uint64_t)us * s->ticks_mult >> s->ticks_shift) + 1;
}

#endif
