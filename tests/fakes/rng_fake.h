/* SPDX-License-Identifier: ISC */
/* Generators of numbers that are known beforehand, so that what depends on them repeats. */
#ifndef TESTS_FAKES_RNG_FAKE_H
#define TESTS_FAKES_RNG_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/list.h"
#include "hal/rng.h"

static inline enum err rng_constant_read(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	memset(bytes, 0x5a, len);
	return OK;
}

/* All bytes are the same. */
static inline struct rng rng_constant(void)
{
	static const struct rng_ops ops = {.read = rng_constant_read};
	return (struct rng){.ops = &ops, .name = "constant"};
}

/* Each byte is one more than the one before; it stays where it is. */
struct rng_counter {
	struct rng rng;
	uint8_t next;
	bool fails; /* ERR_NOTREADY instead */
};

static inline enum err rng_counter_read(struct rng *r, void *bytes, size_t len)
{
	struct rng_counter *c = container_of(r, struct rng_counter, rng);
	uint8_t *at = bytes;
	if (c->fails)
		return ERR_NOTREADY;
	for (size_t i = 0; i < len; i++)
		at[i] = c->next++;
	return OK;
}

static inline struct rng_counter rng_counter(void)
{
	static const struct rng_ops ops = {.read = rng_counter_read};
	return (struct rng_counter){.rng = {.ops = &ops, .name = "counter"}};
}

#endif
