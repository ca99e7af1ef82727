/* SPDX-License-Identifier: ISC */
/* Whole transfers over a wire that loses, repeats and reorders: what arrives is what was sent. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>
#include <string.h>

#include "hal/netif.h"
#include "tests/unit/tcp/peer.h"

struct soak {
	uint32_t seed;
	unsigned loss, duplicate, reorder; /* per mille */
	size_t bytes;
	uint32_t features;
	unsigned pieces;
	uint32_t run_bytes;
	bool copy, reply;
	uint64_t delay_us;
};

static uint8_t *make_bytes(size_t n, uint32_t seed)
{
	uint8_t *bytes = malloc(n);
	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (uint8_t)(seed >> 16);
	}
	return bytes;
}

static void accept_reply(struct app *a)
{
	a->reply = true;
	a->close_at_eof = true;
}

static void accept_read(struct app *a)
{
	a->close_at_eof = true;
}

static void world_wire(struct world *w, const struct soak *k)
{
	struct ip_pipe *pipe = &w->pipe;
	pipe->seed = k->seed * 2654435761u + 1;
	pipe->loss = k->loss;
	pipe->duplicate = k->duplicate;
	pipe->reorder = k->reorder;
	if (k->delay_us != 0)
		pipe->delay_us = k->delay_us;
	for (unsigned i = 0; i < 2; i++) {
		pipe->end[i].features = k->features;
		pipe->end[i].tso_bytes = (k->features & NETIF_TSO4) != 0 ? 65000 : 0;
		pipe->end[i].pieces = k->pieces;
		pipe->end[i].run_bytes = k->run_bytes;
	}
}

static void run_soak(const struct soak *k)
{
	struct tcp_config config = world_config;
	config.recv_packets = 64;
	config.send_bytes = config.recv_bytes = k->seed % 2 != 0 ? 65536 : 100000;
	struct world *w = world_new(&config, true);
	uint8_t *data = make_bytes(k->bytes, k->seed);
	struct app a = {.copy = k->copy};
	world_wire(w, k);
	w->side[0].on_accept = k->reply ? accept_reply : accept_read;
	world_connect(w, &a);
	app_write(&a, data, k->bytes);
	struct app *b = NULL;
	for (int s = 0; s < 4000; s++) {
		world_run(w, 100000);
		if (w->side[0].accepted == 0)
			continue;
		b = world_server(w);
		if (k->reply ? a.in_len == k->bytes : b->in_len == k->bytes)
			break;
	}
	assert_non_null(b);
	const struct app *end = k->reply ? &a : b;
	assert_int_equal(end->in_len, k->bytes);
	assert_memory_equal(end->in, data, k->bytes);
	app_fini(&a);
	world_free(w);
	free(data);
}

static void clean_wire(void **state)
{
	(void)state;
	run_soak(&(struct soak){.seed = 1, .bytes = 1 << 20});
	run_soak(&(struct soak){.seed = 2, .bytes = 1 << 20, .copy = true});
	run_soak(&(struct soak){.seed = 3, .bytes = 1 << 18, .reply = true});
}

static void lossy_wire(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 6; seed++)
		run_soak(&(struct soak){.seed = seed, .loss = 10 * seed, .bytes = 1 << 18});
	run_soak(&(struct soak){.seed = 7, .loss = 200, .bytes = 1 << 16});
	run_soak(&(struct soak){.seed = 8, .loss = 300, .bytes = 1 << 16, .reply = true});
}

static void reordering_wire(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 5; seed++)
		run_soak(&(struct soak){.seed = seed,
					.reorder = 50 * seed,
					.duplicate = 20 * seed,
					.bytes = 1 << 18});
}

static void bad_wire_with_every_offload(void **state)
{
	(void)state;
	const uint32_t features[] = {0, NETIF_SG, NETIF_CSUM_TX, NETIF_SG | NETIF_CSUM_TX,
				     NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4};
	for (uint32_t i = 0; i < 10; i++)
		run_soak(&(struct soak){.seed = 100 + i,
					.loss = 20,
					.duplicate = 10,
					.reorder = 30,
					.bytes = 1 << 17,
					.features = features[i % ARRAY_SIZE(features)],
					.copy = i % 2 != 0,
					.pieces = i % 4,
					.reply = i % 3 == 0});
}

/* The other end's device coalesces: what is lost or comes late is up to 64 KiB at once. */
static void bad_wire_with_runs(void **state)
{
	(void)state;
	const uint32_t all = NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4;
	for (uint32_t i = 0; i < 24; i++)
		run_soak(&(struct soak){.seed = 200 + i,
					.loss = i < 4 ? 0 : 30,
					.duplicate = i < 4 ? 0 : 20,
					.reorder = i < 4 ? 0 : 50,
					.bytes = 1 << 18,
					.features = all,
					.run_bytes = i % 2 != 0 ? 1900 : 100 + 13 * i,
					.copy = i % 5 == 0,
					.reply = i % 3 == 0});
}

static void long_delay(void **state)
{
	(void)state;
	run_soak(&(struct soak){.seed = 11, .loss = 10, .delay_us = 150000, .bytes = 1 << 18});
	run_soak(&(struct soak){.seed = 12, .loss = 10, .delay_us = 700000, .bytes = 1 << 16});
}

/* A clean wire needs no retransmission, and acknowledges at most every second segment. */
static void clean_wire_wastes_nothing(void **state)
{
	(void)state;
	struct world *w = world_new(&tcp_config_default, true);
	uint8_t *data = make_bytes(1 << 20, 5);
	struct app a = {0};
	world_connect(w, &a);
	app_write(&a, data, 1 << 20);
	world_run(w, 5 * US_PER_S);
	const struct tcp_stats *tx = tcp_stats(w->side[1].tcp), *rx = tcp_stats(w->side[0].tcp);
	assert_int_equal(world_server(w)->in_len, 1 << 20);
	assert_int_equal(tx->retransmits, 0);
	assert_int_equal(tx->bytes_out, 1 << 20);
	assert_int_equal(rx->bytes_in, 1 << 20);
	assert_true(rx->segments_out <= tx->segments_out / 2 + 20);
	assert_int_equal(tx->segments_out, rx->segments_in);
	app_fini(&a);
	free(data);
	world_free(w);
}

int soak_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_wire),
		cmocka_unit_test(clean_wire_wastes_nothing),
		cmocka_unit_test(lossy_wire),
		cmocka_unit_test(reordering_wire),
		cmocka_unit_test(bad_wire_with_every_offload),
		cmocka_unit_test(bad_wire_with_runs),
		cmocka_unit_test(long_delay),
	};
	return cmocka_run_group_tests_name("tcp soak", tests, NULL, NULL);
}
