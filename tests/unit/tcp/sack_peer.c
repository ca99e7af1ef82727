/* SPDX-License-Identifier: ISC */
#include "tests/unit/tcp/sack_peer.h"

#include <string.h>

uint8_t sack_data[SACK_DATA_BYTES];

struct world *sack_open(struct peer *p, struct app **a, uint32_t *base)
{
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(sack_data);
	struct world *w = world_new(&config, false);
	for (size_t i = 0; i < sizeof(sack_data); i++)
		sack_data[i] = (uint8_t)(i / MSS + i);
	peer_init(p, w, 4000);
	p->sack = true;
	*a = peer_open(p);
	*base = p->ack;
	return w;
}

void sack_one(struct peer *p, uint32_t base, uint32_t ack, uint32_t from, uint32_t to)
{
	const struct tcp_range r = {base + from * MSS, base + to * MSS};
	peer_sack(p, base + ack * MSS, &r, 1);
}

void sack_expect(struct peer *p, uint32_t base, uint32_t n)
{
	static struct seen s;
	assert_true(peer_take(p, &s));
	assert_int_equal((s.seq - base) / MSS, n);
	assert_int_equal((s.seq - base) % MSS, 0);
	assert_int_equal(s.len, MSS);
	assert_memory_equal(s.data, sack_data + n * MSS, MSS);
}

void sack_expect_nothing(struct peer *p)
{
	static struct seen s;
	assert_false(peer_take(p, &s));
}

const struct tcp_stats *sack_stats(const struct peer *p)
{
	return tcp_stats(p->world->side[0].tcp);
}
