/* SPDX-License-Identifier: ISC */
/*
 * Sequence numbers: 32 bits that wrap, compared modulo 2^32 (RFC 9293 section 3.4).
 *
 * A comparison is right as long as the two numbers are less than 2^31 apart, which windows of at
 * most 2^30 bytes guarantee (RFC 7323 section 2.3).
 */
#ifndef NET_TCP_SEQ_H
#define NET_TCP_SEQ_H

#include <stdbool.h>
#include <stdint.h>

static inline bool seq_lt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_le(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

static inline bool seq_gt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static inline bool seq_ge(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) >= 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
	return seq_lt(a, b) ? b : a;
}

#endif
