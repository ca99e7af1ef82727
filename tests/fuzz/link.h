/* SPDX-License-Identifier: ISC */
/*
 * What harnesses of whole layers stand on: a fake interface with its pools, Ethernet over it, a
 * clock, and random numbers that are always the same. There is one in a program.
 */
#ifndef TESTS_FUZZ_LINK_H
#define TESTS_FUZZ_LINK_H

#include <stdint.h>

#include "base/pkt.h"
#include "hal/rng.h"
#include "net/eth/eth.h"
#include "tests/fakes/netif_fake.h"

enum { FUZZ_LINK_PACKETS = 96, FUZZ_LINK_BUF_BYTES = 2048 };

struct fuzz_link {
	struct pkt_pool rx, tx;
	struct netif_fake fake;
	struct eth eth;
	struct rng rng;
	uint64_t now_us;
	struct pkt *hoard[FUZZ_LINK_PACKETS];
	unsigned hoarded;
};

/* All of it anew; the clock stands at 1. */
void fuzz_link_start(struct fuzz_link *l, uint32_t features);

/* Leaves the layers no packet to send; gives them back. */
void fuzz_link_starve(struct fuzz_link *l);
void fuzz_link_feed(struct fuzz_link *l);

/* The layers have given back all that they held, but for what the interface has (asserted). */
void fuzz_link_fini(struct fuzz_link *l);

#endif
