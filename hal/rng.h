/* SPDX-License-Identifier: ISC */
/*
 * A source of random bytes.
 *
 * The same signature is worn by hardware (entropy for seeding: virtio-rng, RNDR, RDSEED)
 * and by the runtime's generator over it, which is what protocols are given. A source
 * answers with good bytes or with an error, never with guesses.
 */
#ifndef HAL_RNG_H
#define HAL_RNG_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/err.h"

struct rng;

struct rng_ops {
	enum err (*read)(struct rng *r, void *bytes, size_t len);
};

struct rng {
	const struct rng_ops *ops;
	const char *name; /* for messages: "virtio-rng" */
};

/*
 * Fills all of `bytes`. ERR_NOTREADY from a generator not yet seeded, ERR_TIMEOUT or ERR_IO
 * from hardware; then nothing in `bytes` may be used. Hardware may take milliseconds:
 * event loop only.
 */
MUST_USE static inline enum err rng_read(struct rng *r, void *bytes, size_t len)
{
	return r->ops->read(r, bytes, len);
}

/*
 * Any number under `limit`, for waits and the like that others may foresee: 0 if the source does
 * not answer. Event loop only.
 */
static inline uint32_t rng_below(struct rng *r, uint32_t limit)
{
	uint32_t n;

	return rng_read(r, &n, sizeof(n)) == OK ? (uint32_t)((uint64_t)n * limit >> 32) : 0;
}

/*
 * For drivers of hardware with a register of 32 bits: `read` by words that `word` takes from there,
 * each as rng_read().
 */
static inline enum err rng_read_by_words(struct rng *r, void *bytes, size_t len,
					 enum err (*word)(struct rng *r, uint32_t *word))
{
	uint8_t *out = bytes;

	while (len > 0) {
		uint32_t taken;
		size_t n = len < sizeof(taken) ? len : sizeof(taken);
		enum err e = word(r, &taken);

		if (e != OK)
			return e;
		memcpy(out, &taken, n);
		out += n;
		len -= n;
	}
	return OK;
}

#endif
