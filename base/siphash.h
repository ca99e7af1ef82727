/* SPDX-License-Identifier: ISC */
/*
 * SipHash (Aumasson and Bernstein, 2012): a short-input hash with a secret key.
 *
 * Whoever does not know the key can neither foresee nor aim its values, so it serves for tables
 * whose keys strangers choose (collisions), TCP's initial sequence numbers (RFC 6528) and stable
 * interface identifiers (RFC 7217). Messages are 64-bit words, little-endian.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

/* SipHash-2-4: for values that a stranger sees. */
uint64_t siphash_2_4(const struct siphash_key *key, const uint64_t *words, unsigned n);

/* The same of a message that ends with half a word: as quick as without it. */
uint64_t siphash_2_4_and(const struct siphash_key *key, const uint64_t *words, unsigned n,
			 uint32_t half);

#endif
