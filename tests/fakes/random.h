/* SPDX-License-Identifier: ISC */
/*
 * Numbers for tests: the same from the same seed, on every machine (SplitMix64: a counter with a
 * mixing function, so that neighbouring seeds have nothing in common).
 */
#ifndef TESTS_FAKES_RANDOM_H
#define TESTS_FAKES_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_u64(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* From 0 to n - 1; 0 for n = 0. */
static inline uint64_t random_below(struct random *r, uint64_t n)
{
	return n > 0 ? random_u64(r) % n : 0;
}

/* From `low` to `high`, both included. */
static inline uint64_t random_between(struct random *r, uint64_t low, uint64_t high)
{
	return low + random_below(r, high - low + 1);
}

/* True `ppm` times in a million. Draws nothing for 0, so that what is off changes nothing else. */
static inline bool random_hits(struct random *r, uint32_t ppm)
{
	return ppm > 0 && random_below(r, 1000000) < ppm;
}

#endif
