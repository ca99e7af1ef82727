/* SPDX-License-Identifier: ISC */
#include "boards/tree/seed.h"

#include <string.h>

#include "base/attr.h"

/* Copied from the device tree, used once. */
static uint8_t seed[SEED_BYTES];
static size_t seed_len;

void seed_take(struct tree *t)
{
	seed_len = MIN(t->seed_len, sizeof(seed));
	for (size_t i = 0; i < t->seed_len; i++) {
		seed[i % sizeof(seed)] ^= t->seed[i];
		t->seed[i] = 0;
	}
	t->seed = NULL;
}

size_t seed_of_tree(uint8_t *bytes, size_t max)
{
	size_t n = MIN(max, seed_len);

	memcpy(bytes, seed, n);
	memset(seed, 0, sizeof(seed));
	seed_len = 0;
	return n;
}

size_t seed_combine(uint8_t *bytes, size_t max, seed_source_fn *const *sources, size_t n)
{
	uint8_t part[SEED_BYTES];
	size_t best = 0;

	max = MIN(max, sizeof(part));
	memset(bytes, 0, max);
	for (size_t i = 0; i < n; i++) {
		size_t got = sources[i](part, max);

		for (size_t j = 0; j < got; j++)
			bytes[j] ^= part[j];
		best = MAX(best, got);
	}
	memset(part, 0, sizeof(part));
	return best;
}
