/* SPDX-License-Identifier: ISC */
/*
 * A generator of unpredictable bytes: the ChaCha20 block function (RFC 8439 section 2.3) as a
 * stream, with fast key erasure (Bernstein, 2017): each refill of the buffer makes the key of the
 * next one first, and bytes are wiped as they are handed out. So memory that leaks later does not
 * tell what was handed out before.
 *
 * On boards of little memory the generator is SipHash-2-4 of a counter, which TCP has in the image
 * anyway (base/siphash.h): a pseudo-random function with a key of 16 bytes, erased after each read.
 *
 * It answers only after it has been given as many bytes of full entropy as its key has. Event loop
 * only.
 */
#ifndef RUNTIME_CSPRNG_H
#define RUNTIME_CSPRNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/siphash.h"
#include "hal/rng.h"

enum {
	CHACHA20_BLOCK_BYTES = 64,
	CSPRNG_KEY_BYTES = BY_MEMORY(16, 32),
	CSPRNG_BUFFER_BYTES = 4 * CHACHA20_BLOCK_BYTES,
};

#ifdef BOARD_IS_SMALL
struct csprng {
	struct rng rng; /* the signature that users get */
	struct siphash_key key;
	uint32_t entropy_bytes; /* full-entropy bytes mixed in so far, up to CSPRNG_KEY_BYTES */
};
#else
struct csprng {
	struct rng rng; /* the signature that users get */
	uint32_t key[CSPRNG_KEY_BYTES / 4];
	uint8_t buffer[CSPRNG_BUFFER_BYTES]; /* the last `left` bytes have not been handed out */
	uint32_t left;
	uint32_t entropy_bytes; /* full-entropy bytes mixed in so far, up to CSPRNG_KEY_BYTES */
};
#endif

/* Makes a generator without a seed: it answers ERR_NOTREADY. */
void csprng_init(struct csprng *c);

/*
 * Mixes `len` bytes into the key, `entropy_bytes` of which count as full entropy. Bytes known to an
 * attacker do no harm; what has not been handed out yet is discarded.
 */
void csprng_mix(struct csprng *c, const void *bytes, size_t len, size_t entropy_bytes);

/* One block of key stream: RFC 8439 section 2.3. Not on boards of little memory. */
void chacha20_block(const uint32_t key[static 8], uint32_t counter, const uint32_t nonce[static 3],
		    uint8_t out[static CHACHA20_BLOCK_BYTES]);

#endif
