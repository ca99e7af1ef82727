/* SPDX-License-Identifier: ISC */
#ifndef BOARD_IS_SMALL

#include "runtime/random/csprng.h"

#include <string.h>

#include "arch/barrier.h"
#include "base/bytes.h"

static uint32_t rotate_left(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

/* RFC 8439 section 2.1. */
static void quarter_round(uint32_t s[static 16], unsigned a, unsigned b, unsigned c, unsigned d)
{
	s[a] += s[b];
	s[d] = rotate_left(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotate_left(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotate_left(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotate_left(s[b] ^ s[c], 7);
}

void chacha20_block(const uint32_t key[static 8], uint32_t counter, const uint32_t nonce[static 3],
		    uint8_t out[static CHACHA20_BLOCK_BYTES])
{
	uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, [12] = counter};
	uint32_t s[16];

	memcpy(&start[4], key, 32);
	memcpy(&start[13], nonce, 12);
	memcpy(s, start, sizeof(s));
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 4; j++) /* columns */
			quarter_round(s, j, 4 + j, 8 + j, 12 + j);
		for (unsigned j = 0; j < 4; j++) /* diagonals */
			quarter_round(s, j, 4 + (j + 1) % 4, 8 + (j + 2) % 4, 12 + (j + 3) % 4);
	}
	for (unsigned i = 0; i < 16; i++)
		store_le32(out + 4 * i, s[i] + start[i]);
}

/* Clears memory in a way that the compiler does not leave out because nobody reads it. */
static void wipe(void *p, size_t len)
{
	memset(p, 0, len);
	compiler_barrier();
}

/* Fills the buffer; its first bytes become the next key and are not handed out. */
static void refill(struct csprng *c)
{
	static const uint32_t nonce[3];
	for (unsigned i = 0; i < CSPRNG_BUFFER_BYTES / CHACHA20_BLOCK_BYTES; i++)
		chacha20_block(c->key, i, nonce, c->buffer + (size_t)i * CHACHA20_BLOCK_BYTES);
	memcpy(c->key, c->buffer, sizeof(c->key));
	wipe(c->buffer, sizeof(c->key));
	c->left = CSPRNG_BUFFER_BYTES - sizeof(c->key);
}

static enum err csprng_read(struct rng *rng, void *bytes, size_t len)
{
	struct csprng *c = container_of(rng, struct csprng, rng);
	uint8_t *out = bytes;

	if (c->entropy_bytes < CSPRNG_KEY_BYTES)
		return ERR_NOTREADY;
	while (len > 0) {
		if (c->left == 0)
			refill(c);
		size_t n = MIN(len, c->left);
		uint8_t *from = c->buffer + CSPRNG_BUFFER_BYTES - c->left;
		memcpy(out, from, n);
		wipe(from, n);
		c->left -= (uint32_t)n;
		out += n;
		len -= n;
	}
	return OK;
}

void csprng_init(struct csprng *c)
{
	static const struct rng_ops ops = {.read = csprng_read};
	*c = (struct csprng){.rng = {.ops = &ops, .name = "chacha20"}};
}

/*
 * Each 32 bytes are added to the key, and the generator's output under the sum becomes the new key.
 * Who knows the bytes but not the key, or the key but not the bytes, does not know the result.
 */
void csprng_mix(struct csprng *c, const void *bytes, size_t len, size_t entropy_bytes)
{
	const uint8_t *at = bytes;
	while (len > 0) {
		size_t n = MIN(len, (size_t)CSPRNG_KEY_BYTES);
		for (size_t i = 0; i < n; i++)
			c->key[i / 4] ^= (uint32_t)at[i] << 8 * (i % 4);
		refill(c);
		at += n;
		len -= n;
	}
	wipe(c->buffer, sizeof(c->buffer));
	c->left = 0;
	size_t total = c->entropy_bytes + MIN(entropy_bytes, (size_t)CSPRNG_KEY_BYTES);
	c->entropy_bytes = (uint32_t)MIN(total, (size_t)CSPRNG_KEY_BYTES);
}

#endif
