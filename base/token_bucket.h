/* SPDX-License-Identifier: ISC */
/*
 * A token bucket: so many at once, then one each so often. For answers to strangers (ICMP errors),
 * whose number must not be theirs to choose. No context; event loop only.
 */
#ifndef BASE_TOKEN_BUCKET_H
#define BASE_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/divide.h"

struct token_bucket {
	uint32_t burst;     /* tokens in a full bucket */
	uint32_t refill_us; /* until there is one more */
	uint32_t tokens;    /* there now */
	uint64_t refilled_us;
};

/* A full one. */
#define TOKEN_BUCKET(BURST, REFILL_US)                                                             \
	{                                                                                          \
		.burst = (BURST), .refill_us = (REFILL_US), .tokens = (BURST)                      \
	}

/* Takes a token; false if there is none. */
static inline bool token_bucket_take(struct token_bucket *b, uint64_t now_us)
{
	uint32_t rest_us;
	uint64_t refills = divide(now_us - b->refilled_us, b->refill_us, &rest_us);
	if (refills >= b->burst - b->tokens) {
		b->tokens = b->burst;
		b->refilled_us = now_us;
	} else {
		b->tokens += (uint32_t)refills;
		b->refilled_us += refills * b->refill_us;
	}
	if (b->tokens == 0)
		return false;
	b->tokens--;
	return true;
}

#endif
