/* SPDX-License-Identifier: ISC */
#include "base/siphash.h"

#include "base/attr.h"

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate_left(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_rounds(struct sip *s, unsigned n)
{
	while (n-- > 0) {
		s->v0 += s->v1;
		s->v1 = rotate_left(s->v1, 13) ^ s->v0;
		s->v0 = rotate_left(s->v0, 32);
		s->v2 += s->v3;
		s->v3 = rotate_left(s->v3, 16) ^ s->v2;
		s->v0 += s->v3;
		s->v3 = rotate_left(s->v3, 21) ^ s->v0;
		s->v2 += s->v1;
		s->v1 = rotate_left(s->v1, 17) ^ s->v2;
		s->v2 = rotate_left(s->v2, 32);
	}
}

static inline void sip_word(struct sip *s, uint64_t word, unsigned rounds)
{
	s->v3 ^= word;
	sip_rounds(s, rounds);
	s->v0 ^= word;
}

/* `last`: the bytes that do not fill a word, below the length of all. */
static SELDOM uint64_t siphash(const struct siphash_key *key, const uint64_t *words, unsigned n,
			       uint64_t last)
{
	enum { ROUNDS = 2, FINAL_ROUNDS = 4 };
	struct sip s = {
		key->k0 ^ 0x736f6d6570736575,
		key->k1 ^ 0x646f72616e646f6d,
		key->k0 ^ 0x6c7967656e657261,
		key->k1 ^ 0x7465646279746573,
	};
	for (unsigned i = 0; i < n; i++)
		sip_word(&s, words[i], ROUNDS);
	sip_word(&s, last, ROUNDS);
	s.v2 ^= 0xff;
	sip_rounds(&s, FINAL_ROUNDS);
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
