/* SPDX-License-Identifier: ISC */
#include "base/siphash.h"

#include <stddef.h>

#include "base/attr.h"

/*
 * y ^ x turned to the left. A machine of 32 bits does it in four instructions that shift one
 * operand each, which the compiler does not see in a rotation of 64 bits.
 */
ALWAYS_INLINE uint64_t turn_and_add(uint64_t x, unsigned n, uint64_t y)
{
	uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);

	if (sizeof(size_t) == sizeof(x))
		return (x << n | x >> (64 - n)) ^ y;
	uint32_t to_low = (uint32_t)y ^ low << n ^ high >> (32 - n);
	uint32_t to_high = (uint32_t)(y >> 32) ^ high << n ^ low >> (32 - n);
	return (uint64_t)to_high << 32 | to_low;
}

ALWAYS_INLINE uint64_t swap_halves(uint64_t x)
{
	return x << 32 | x >> 32;
}

struct sip {
	uint64_t v0, v1, v2, v3;
};

ALWAYS_INLINE void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = turn_and_add(s->v1, 13, s->v0);
	s->v0 = swap_halves(s->v0);
	s->v2 += s->v3;
	s->v3 = turn_and_add(s->v3, 16, s->v2);
	s->v0 += s->v3;
	s->v3 = turn_and_add(s->v3, 21, s->v0);
	s->v2 += s->v1;
	s->v1 = turn_and_add(s->v1, 17, s->v2);
	s->v2 = swap_halves(s->v2);
}

/* `last`: the bytes that do not fill a word, below the length of all. Two rounds a word, and four
 * at the end, which are those of two words of zeros: so they are there once, and the state stays in
 * registers. */
static SELDOM uint64_t siphash(const struct siphash_key *key, const uint64_t *words, unsigned n,
			       uint64_t last)
{
	enum { FINAL = 2 };
	struct sip s = {
		key->k0 ^ 0x736f6d6570736575,
		key->k1 ^ 0x646f72616e646f6d,
		key->k0 ^ 0x6c7967656e657261,
		key->k1 ^ 0x7465646279746573,
	};
	for (unsigned left = n + 1 + FINAL; left > 0; left--) {
		uint64_t word = 0;
		if (left > 1 + FINAL)
			word = *words++;
		else if (left > FINAL)
			word = last;
		else if (left == FINAL)
			s.v2 ^= 0xff;
		s.v3 ^= word;
		sip_round(&s);
		sip_round(&s);
		s.v0 ^= word;
	}
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t siphash_2_4(const struct siphash_key *key, const uint64_t *words, unsigned n)
{
	return siphash(key, words, n, (uint64_t)(n * sizeof(*words)) << 56);
}

uint64_t siphash_2_4_and(const struct siphash_key *key, const uint64_t *words, unsigned n,
			 uint32_t half)
{
	uint64_t bytes = n * sizeof(*words) + sizeof(half);

	return siphash(key, words, n, bytes << 56 | half);
}
