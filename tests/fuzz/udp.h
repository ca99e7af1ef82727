/* SPDX-License-Identifier: ISC */
/*
 * UDP over a network that is a fuzzer: what is sent is kept, and datagrams arrive when it says so,
 * each in a buffer of just its size, so that ASan sees what is read behind it.
 */
#ifndef TESTS_FUZZ_UDP_H
#define TESTS_FUZZ_UDP_H

#include <stddef.h>
#include <stdint.h>

#include "base/pkt.h"
#include "hal/rng.h"
#include "net/udp/udp.h"

enum { FUZZ_UDP_PACKETS = 4, FUZZ_UDP_BYTES = 2048 };

struct fuzz_udp {
	struct ip ip; /* first */
	ip_input_fn *input;
	void *input_self;
	struct udp udp;
	struct rng rng; /* always the same */
	struct pkt_pool tx;
	unsigned sent;
	uint16_t from_port; /* of what was sent last, which is … */
	uint8_t last[FUZZ_UDP_BYTES];
	size_t last_bytes;
	ALIGNED(CACHE_LINE_BYTES)
	uint8_t memory[PKT_POOL_BYTES(FUZZ_UDP_PACKETS, FUZZ_UDP_BYTES)];
};

void fuzz_udp_init(struct fuzz_udp *f);

/* Everything has been given back (asserted). */
void fuzz_udp_fini(const struct fuzz_udp *f);

void fuzz_udp_deliver(struct fuzz_udp *f, uint64_t now_us, const uint8_t *bytes, size_t len,
		      const struct ip_meta *meta, uint16_t from_port, uint16_t to_port);

#endif
