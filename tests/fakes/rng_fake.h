/* SPDX-License-Identifier: ISC */
/* A generator whose numbers are all the same, so that what depends on them repeats. */
#ifndef TESTS_FAKES_RNG_FAKE_H
#define TESTS_FAKES_RNG_FAKE_H

#include <string.h>

#include "hal/rng.h"

static inline enum err rng_constant_read(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	memset(bytes, 0x5a, len);
	return OK;
}

static inline struct rng rng_constant(void)
{
	static const struct rng_ops ops = {.read = rng_constant_read};
	return (struct rng){.ops = &ops, .name = "constant"};
}

#endif
