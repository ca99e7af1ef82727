/* SPDX-License-Identifier: ISC */
/* The generator of boards of little memory. */
#ifdef BOARD_IS_SMALL

#include <string.h>

#include "runtime/random/csprng.h"

/* Numbers of the counter that no output has. */
enum { FIRST_HALF = -2, SECOND_HALF = -1 };

static uint64_t word_of(const struct csprng *c, int64_t number)
{
	uint64_t n = (uint64_t)number;

	return siphash_2_4(&c->key, &n, 1);
}

/* Makes the next key of this one, which nothing leads back to. */
static void renew(struct csprng *c)
{
	uint64_t first = word_of(c, FIRST_HALF), second = word_of(c, SECOND_HALF);

	c->key = (struct siphash_key){first, second};
}

static enum err csprng_read(struct rng *rng, void *bytes, size_t len)
{
	struct csprng *c = container_of(rng, struct csprng, rng);
	uint8_t *out = bytes;

	if (c->entropy_bytes < CSPRNG_KEY_BYTES)
		return ERR_NOTREADY;
	for (int64_t i = 0; len > 0; i++) {
		uint64_t word = word_of(c, i);
		size_t n = MIN(len, sizeof(word));

		memcpy(out, &word, n);
		out += n;
		len -= n;
	}
	renew(c);
	return OK;
}

void csprng_init(struct csprng *c)
{
	static const struct rng_ops ops = {.read = csprng_read};
	*c = (struct csprng){.rng = {.ops = &ops, .name = "siphash"}};
}

/*
 * Each 16 bytes are added to the key, and what is made of the sum becomes the new key. Who knows
 * the bytes but not the key, or the key but not the bytes, does not know the result.
 */
void csprng_mix(struct csprng *c, const void *bytes, size_t len, size_t entropy_bytes)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		struct siphash_key part = {0};
		size_t n = MIN(len, sizeof(part));

		memcpy(&part, at, n);
		c->key.k0 ^= part.k0;
		c->key.k1 ^= part.k1;
		renew(c);
		at += n;
		len -= n;
	}
	size_t total = c->entropy_bytes + MIN(entropy_bytes, (size_t)CSPRNG_KEY_BYTES);
	c->entropy_bytes = (uint32_t)MIN(total, (size_t)CSPRNG_KEY_BYTES);
}

#endif
