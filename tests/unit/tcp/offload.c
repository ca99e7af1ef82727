/* SPDX-License-Identifier: ISC */
/*
 * How segments are built for what the device can do. The pipe checks each against base/pkt.h, and
 * every checksum; what is asserted here is that each facility is used.
 */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "hal/netif.h"
#include "tests/unit/tcp/peer.h"

static uint8_t data[65536];

static struct world *open_with(struct peer *p, struct app **a, uint32_t features,
			       uint32_t buf_bytes)
{
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(data);
	struct world *w = world_new_sized(&config, false, WORLD_PACKETS, buf_bytes);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i / 1460 * 3 + i);
	w->pipe.end[0].features = features;
	w->pipe.end[0].tso_bytes = (features & NETIF_TSO4) != 0 ? 32000 : 0;
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

/* Takes `n` bytes of segments and compares them with the data. */
static void expect_bytes(struct peer *p, size_t n)
{
	static struct seen s;
	uint32_t base = p->ack;
	size_t at = 0;
	world_poll(p->world, 0);
	while (peer_take(p, &s)) {
		assert_int_equal(s.seq, base + at);
		assert_memory_equal(s.data, data + at, s.len);
		at += s.len;
	}
	assert_int_equal(at, n);
}

static void payload_is_copied_without_scatter_gather(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, 0, WORLD_BUF);
	app_write(a, data, 7001);
	expect_bytes(&p, 7001);
	assert_int_equal(w->pipe.end[0].with_pieces, 0);
	assert_int_equal(w->pipe.end[0].csum_partial, 0);
	world_free(w);
}

/* Small transmit buffers bound what fits into one segment. */
static void small_buffers_make_small_segments(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, 0, 256);
	app_write(a, data, 1000);
	expect_bytes(&p, 1000);
	assert_int_equal(w->pipe.end[0].outputs,
			 1 + (1000 + 255 - PKT_HEADROOM) / (256 - PKT_HEADROOM));
	world_free(w);
}

static void payload_is_referenced_with_scatter_gather(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG, 256);
	app_write(a, data, 7001);
	expect_bytes(&p, 7001);
	assert_int_equal(w->pipe.end[0].with_pieces, 5);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	world_free(w);
}

/* Slices of odd lengths: the checksum over pieces (RFC 1071 section 2 (B)); short ones in front are
 * copied behind the header. */
static void odd_slices_are_summed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG, WORLD_BUF);
	const size_t cut[] = {0, 51, 300, 501, 502, 805, 1001};
	for (size_t i = 0; i + 1 < ARRAY_SIZE(cut); i++) {
		static uint8_t apart[ARRAY_SIZE(cut)][400];
		size_t n = cut[i + 1] - cut[i];
		memcpy(apart[i], data + cut[i], n);
		const struct slice s = SLICE_STATIC(apart[i], n);
		assert_int_equal(flow_write(a->flow, &s, 1), n);
	}
	expect_bytes(&p, 1001);
	assert_int_equal(w->pipe.end[0].pieces_max, MIN(5, PKT_PIECES_MAX)); /* all but the first */
	world_free(w);
}

/* More slices than a packet has pieces: the segment ends early. */
static void too_many_slices_for_a_packet(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG, WORLD_BUF);
	static uint8_t apart[20][200];
	for (size_t i = 0; i < 20; i++) {
		memcpy(apart[i], data + i * 150, 150);
		const struct slice s = SLICE_STATIC(apart[i], 150);
		assert_int_equal(flow_write(a->flow, &s, 1), 150);
	}
	expect_bytes(&p, 20 * 150);
	assert_int_equal(w->pipe.end[0].pieces_max, PKT_PIECES_MAX);
	world_free(w);
}

static void checksum_is_left_to_the_device(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_CSUM_TX, WORLD_BUF);
	app_write(a, data, 3001);
	expect_bytes(&p, 3001);
	assert_int_equal(w->pipe.end[0].csum_partial, 3);
	world_free(w);
}

static void long_runs_are_left_to_the_device_to_cut(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4, WORLD_BUF);
	uint64_t before = tcp_stats(w->side[0].tcp)->segments_out;
	app_write(a, data, 14600 - 7);
	expect_bytes(&p, 14600 - 7);
	assert_int_equal(w->pipe.end[0].gso, 1);
	assert_int_equal(tcp_stats(w->side[0].tcp)->segments_out - before, 10);
	world_free(w);
}

/* What fits into a packet's pieces is cut to whole segments. */
static void long_runs_are_whole_segments(void **state)
{
	(void)state;
	static uint8_t apart[12][1001];
	static struct seen s;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4, WORLD_BUF);
	size_t at = 0;
	for (size_t i = 0; i < 12; i++) {
		memcpy(apart[i], data + i * 1000, 1000);
		const struct slice slice = SLICE_STATIC(apart[i], 1000);
		assert_int_equal(flow_write(a->flow, &slice, 1), 1000);
	}
	world_poll(w, 0);
	while (peer_take(&p, &s)) {
		assert_memory_equal(s.data, data + at, s.len);
		at += s.len;
		assert_true(s.len == 1460 || at == 12000);
	}
	assert_int_equal(at, 12000);
	assert_int_equal(w->pipe.end[0].gso, 2);
	world_free(w);
}

/* A transfer that is longer than tso_bytes, with a FIN behind; only its last packet has it. */
static void long_runs_end_with_one_fin(void **state)
{
	(void)state;
	static struct seen s;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4, WORLD_BUF);
	unsigned fins = 0;
	app_write(a, data, 60000);
	app_close(a);
	uint32_t end = p.ack + 60000;
	for (int i = 0; i < 20 && p.ack != end; i++) {
		world_poll(w, 0);
		while (peer_take(&p, &s)) {
			assert_true(s.len <= 1460);
			fins += (s.flags & TCP_FIN) != 0;
			assert_true((s.flags & TCP_FIN) == 0 || s.seq + s.len == end);
			p.ack = s.seq + s.len;
		}
		peer_ack(&p, p.ack);
	}
	assert_int_equal(fins, 1);
	assert_int_equal(p.ack, end);
	peer_ack(&p, end + 1);
	world_free(w);
}

/* A device that cannot sum cannot cut, whatever it says. */
static void cutting_needs_the_other_features(void **state)
{
	(void)state;
	const uint32_t features[] = {NETIF_TSO4, NETIF_TSO4 | NETIF_SG, NETIF_TSO4 | NETIF_CSUM_TX,
				     NETIF_TSO6 | NETIF_SG | NETIF_CSUM_TX};
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		struct peer p;
		struct app *a;
		struct world *w = open_with(&p, &a, features[i], WORLD_BUF);
		app_write(a, data, 10000);
		expect_bytes(&p, 10000);
		assert_int_equal(w->pipe.end[0].gso, 0);
		world_free(w);
	}
}

/* A received checksum that the device has verified is not computed again. */
static void verified_checksum_is_believed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, 0, WORLD_BUF);
	struct ip_meta meta = {
		.src = w->pipe.end[1].addr, .dst = w->pipe.end[0].addr, .proto = IP_PROTO_TCP};
	uint8_t bytes[24] = {0};
	bytes[0] = 4000 >> 8;
	bytes[1] = 4000 & 255;
	bytes[3] = PORT;
	for (int i = 0; i < 4; i++) {
		bytes[4 + i] = (uint8_t)(p.seq >> (24 - 8 * i));
		bytes[8 + i] = (uint8_t)(p.ack >> (24 - 8 * i));
	}
	bytes[12] = 5 << 4;
	bytes[13] = TCP_ACK;
	assert_true(ip_pipe_inject(&w->pipe, 0, &meta, bytes, 24, true));
	world_poll(w, 0);
	assert_int_equal(a->in_len, 4);
	world_free(w);
}

int offload_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payload_is_copied_without_scatter_gather),
		cmocka_unit_test(small_buffers_make_small_segments),
		cmocka_unit_test(payload_is_referenced_with_scatter_gather),
		cmocka_unit_test(odd_slices_are_summed),
		cmocka_unit_test(too_many_slices_for_a_packet),
		cmocka_unit_test(checksum_is_left_to_the_device),
		cmocka_unit_test(long_runs_end_with_one_fin),
		cmocka_unit_test(cutting_needs_the_other_features),
		cmocka_unit_test(verified_checksum_is_believed),
#ifndef BOARD_IS_SMALL /* where no device cuts, and packets have few pieces */
		cmocka_unit_test(long_runs_are_left_to_the_device_to_cut),
		cmocka_unit_test(long_runs_are_whole_segments),
#endif
	};
	return cmocka_run_group_tests_name("tcp offload", tests, NULL, NULL);
}
