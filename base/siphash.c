/* SPDX-License-Identifier: ISC */
#include "base/siphash.h"

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

static inline uint64_t siphash(const struct siphash_key *key, const uint64_t *words, unsigned n,
			       unsigned rounds, unsigned final_rounds)
{
	struct sip s = {
		key->k0 ^ 0x736f6d6570736575,
		key->k1 ^ 0x646f72616e646f6d,
		key->k0 ^ 0x6c7967656e657261,
		key->k1 ^ 0x7465646279746573,
	};
	for (unsigned i = 0; i < n; i++)
		sip_word(&s, words[i], rounds);
	sip_word(&s, (uint64_t)(n * sizeof(*words)) << 56, rounds); /* the length in bytes */
	s.v2 ^= 0xff;
	sip_rounds(&s, final_rounds);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t siphash_2_4(const struct siphash_key *key, const uint64_t *words, unsigned n)
{
	return siphash(key, words, n, 2, 4);
}
