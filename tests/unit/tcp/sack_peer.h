/* SPDX-License-Identifier: ISC */
/*
 * A peer that acknowledges selectively, and how a test of recovery talks of segments: by their
 * numbers, each of MSS bytes, of a text in which no two are alike.
 */
#ifndef TESTS_UNIT_TCP_SACK_PEER_H
#define TESTS_UNIT_TCP_SACK_PEER_H

#include "tests/unit/tcp/tests.h"

#include "tests/unit/tcp/peer.h"

enum { MSS = 1460, WINDOW = 10 * MSS, SACK_DATA_BYTES = 65536 };

extern uint8_t sack_data[SACK_DATA_BYTES];

/* A connection whose peer has SACK; `base` is the first number that the TCP sends. */
struct world *sack_open(struct peer *p, struct app **a, uint32_t *base);

/* Acknowledges `ack` segments, and of those behind it [from, to). */
void sack_one(struct peer *p, uint32_t base, uint32_t ack, uint32_t from, uint32_t to);

/* The next segment is number `n`, whole and right. */
void sack_expect(struct peer *p, uint32_t base, uint32_t n);
void sack_expect_nothing(struct peer *p);

const struct tcp_stats *sack_stats(const struct peer *p);

#endif
