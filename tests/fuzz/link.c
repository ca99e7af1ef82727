/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/link.h"

#include <string.h>

#include "base/assert.h"
#include "tests/fakes/rng_fake.h"

enum { MEMORY_BYTES = PKT_POOL_BYTES(FUZZ_LINK_PACKETS, FUZZ_LINK_BUF_BYTES) };

static _Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[MEMORY_BYTES], tx_memory[MEMORY_BYTES];

void fuzz_link_start(struct fuzz_link *l, uint32_t features)
{
	memset(l, 0, sizeof(*l));
	pkt_pool_init(&l->rx, rx_memory, FUZZ_LINK_PACKETS, FUZZ_LINK_BUF_BYTES);
	pkt_pool_init(&l->tx, tx_memory, FUZZ_LINK_PACKETS, FUZZ_LINK_BUF_BYTES);
	netif_fake_init(&l->fake, "net0", 1, &l->rx, features);
	l->rng = rng_constant();
	l->now_us = 1;
	eth_start(&l->eth, &l->fake.netif, &l->tx, (struct waker){0});
}

void fuzz_link_starve(struct fuzz_link *l)
{
	struct pkt *p;
	while ((p = pkt_alloc(&l->tx, 0)) != NULL)
		l->hoard[l->hoarded++] = p;
}

void fuzz_link_feed(struct fuzz_link *l)
{
	while (l->hoarded > 0)
		pkt_put(l->hoard[--l->hoarded]);
}

void fuzz_link_fini(struct fuzz_link *l)
{
	netif_fake_fini(&l->fake);
	assert(l->rx.pool.used == 0 && l->tx.pool.used == 0);
}
