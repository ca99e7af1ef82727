/* SPDX-License-Identifier: ISC */
/*
 * Between a counter's ticks and microseconds, by a multiplication and a shift: no division, and
 * nothing wider than 32 by 32 bits, so that it is as quick on 32-bit cores.
 *
 * The error is below one part in 2^31, cut off towards zero: less than a second in 60 years, all of
 * it in the same direction, so that time never jumps back. Pure functions.
 */
#ifndef DRIVERS_TIMER_ARM_TIMER_SCALE_H
#define DRIVERS_TIMER_ARM_TIMER_SCALE_H

#include <stdint.h>

#include "base/err.h"

/* us = ticks * us_mult / 2^(32 + us_shift), ticks = us * ticks_mult / 2^ticks_shift. */
struct scale {
	uint32_t us_mult, ticks_mult;
	uint8_t us_shift, ticks_shift;
};

enum { SCALE_HZ_MIN = 1000000 };

/* Computes the factors for `hz` ticks a second. ERR_UNSUPPORTED under SCALE_HZ_MIN. */
static inline enum err scale_init(struct scale *s, uint32_t hz)
{
	const uint64_t us_per_s = 1000000;
	uint64_t mult;
	unsigned shift = 0;

	if (hz < SCALE_HZ_MIN)
		return ERR_UNSUPPORTED;
	/* As many bits as fit into 32. us_per_s has 20 bits, so the shift below is defined. */
	while (shift < 11 && (us_per_s << (33 + shift)) / hz <= UINT32_MAX)
		shift++;
	mult = (us_per_s << (32 + shift)) / hz;
	s->us_mult = mult <= UINT32_MAX ? (uint32_t)mult : UINT32_MAX;
	s->us_shift = (uint8_t)shift;

	shift = 0;
	while (shift < 31 && ((uint64_t)hz << (shift + 1)) / us_per_s <= UINT32_MAX)
		shift++;
	s->ticks_mult = (uint32_t)(((uint64_t)hz << shift) / us_per_s);
	s->ticks_shift = (uint8_t)shift;
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
