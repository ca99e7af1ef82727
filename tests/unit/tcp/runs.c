/* SPDX-License-Identifier: ISC */
/* Segments that the device has put together: a run of packets (base/pkt.h), far above the MSS. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

enum { STREAM = 59500, PACKET = 1000, HEADER = 20, LENT = 9 };

static uint8_t stream[STREAM];

/* The peer's segments come in runs of packets of PACKET bytes. */
static struct world *open_in_pool(struct peer *p, struct app **a, uint32_t recv_packets,
				  uint32_t pool)
{
	struct tcp_config config = world_config;
	config.recv_packets = recv_packets;
	config.recv_bytes = 65536;
	struct world *w = world_new_sized(&config, false, pool, WORLD_BUF);
	for (size_t i = 0; i < STREAM; i++)
		stream[i] = (uint8_t)(i * 31 + i / 251);
	peer_init(p, w, 4000);
	p->sack = true;
	*a = peer_open(p);
	w->pipe.end[0].run_bytes = PACKET;
	return w;
}

static struct world *open_one(struct peer *p, struct app **a, uint32_t recv_packets)
{
	return open_in_pool(p, a, recv_packets, WORLD_PACKETS);
}

static void put_range(struct peer *p, uint32_t from, uint32_t to)
{
	peer_put(p, TCP_ACK, p->seq + from, p->ack, stream + from, to - from);
}

/* How far the peer is acknowledged by what the TCP sends now, in `segments` segments. */
static uint32_t acknowledged(struct peer *p, unsigned *segments)
{
	static struct seen s;
	uint32_t ack = 0;
	*segments = 0;
	world_poll(p->world, 0);
	for (; peer_take(p, &s); ++*segments)
		ack = s.ack - p->seq;
	return ack;
}

static void run_is_kept_as_packets_and_acknowledged_at_once(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 128);
	struct slice s;
	unsigned segments, packets = (STREAM + HEADER + PACKET - 1) / PACKET;
	size_t at = 0;
	a->paused = true;
	put_range(&p, 0, STREAM);
	assert_int_equal(w->pipe.end[0].runs, 1);
	assert_int_equal(peer_conn(&p)->rcv.packets, packets);
	assert_int_equal(acknowledged(&p, &segments), STREAM);
	assert_int_equal(segments, 1);
	assert_true(peer_conn(&p)->rcv.mss <= 1460);
	/* Each packet is lent where it lies, and free as soon as it was read. */
	for (; flow_read(a->flow, &s) == OK; at += s.len) {
		assert_int_equal(s.len, MIN(at == 0 ? PACKET - HEADER : PACKET, STREAM - at));
		assert_memory_equal(s.data, stream + at, s.len);
		flow_consume(a->flow, s.len);
		assert_int_equal(pool_in_use(&w->side[0].rx), --packets);
	}
	assert_int_equal(at, STREAM);
	world_free(w);
}

/* What is promised counts the packets that a segment takes, not the segments. */
static void jumbo_frames_get_no_more_promised_than_fits(void **state)
{
	struct tcp_config config = world_config;
	struct peer p;
	(void)state;
	config.recv_packets = 4;
	config.recv_bytes = 65536;
	struct world *w = world_new_sized(&config, false, WORLD_PACKETS, WORLD_BUF);
	w->pipe.end[0].mtu = 9000;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	w->pipe.end[0].run_bytes = 1500;
	a->paused = true;
	uint32_t promised = conn_recv_window(peer_conn(&p));
	assert_true(promised > 3 * 1460);
	put_range(&p, 0, promised);
	assert_int_equal(peer_conn(&p)->rcv.bytes, promised);
	world_free(w);
}

/* Compares what is lent of the stream from `at` on; returns its bytes. */
static size_t lent(struct app *a, size_t at, unsigned most, unsigned *runs)
{
	struct slice s[LENT];
	size_t bytes = 0;

	memset(s, 0xff, sizeof(s));
	assert_int_equal(flow_readv(a->flow, s, most), OK);
	for (*runs = 0; *runs < most && s[*runs].len > 0; ++*runs) {
		assert_memory_equal(s[*runs].data, stream + at + bytes, s[*runs].len);
		bytes += s[*runs].len;
	}
	return bytes;
}

static void several_packets_of_a_run_are_lent_and_given_back_at_once(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 128);
	unsigned runs, packets = (STREAM + HEADER + PACKET - 1) / PACKET, last = packets % LENT;
	size_t at = 0, bytes;
	a->paused = true;
	put_range(&p, 0, STREAM);
	while ((bytes = lent(a, at, LENT, &runs)) < STREAM - at) {
		assert_int_equal(runs, LENT);
		/* The last one has bytes left. */
		flow_consume(a->flow, bytes - 1);
		at += bytes - 1;
		assert_int_equal(lent(a, at, 1, &runs), 1);
		flow_consume(a->flow, 1);
		at++;
		packets -= LENT;
		assert_int_equal(pool_in_use(&w->side[0].rx), packets);
	}
	assert_int_equal(runs, last);
	flow_consume(a->flow, bytes);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	world_free(w);
}

/* What finds no room is sent again by the peer, no more, and nothing is kept of it. */
static void run_that_does_not_fit_is_taken_in_part(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 64);
	struct pkt *hold[WORLD_PACKETS];
	unsigned segments, n = 0;
	a->paused = true;
	/* The pool is nearly empty once the run has arrived. */
	while (pool_available(&w->side[0].rx.pool) > 200)
		hold[n++] = pkt_alloc(&w->side[0].rx, 0);
	put_range(&p, 0, STREAM);
	uint32_t ack = acknowledged(&p, &segments);
	assert_in_range(ack, PACKET, STREAM - PACKET);
	assert_int_equal(w->side[0].tcp->held, peer_conn(&p)->rcv.packets);
	assert_int_equal(peer_conn(&p)->rcv.gap_packets, 0);
	assert_int_equal(pool_in_use(&w->side[0].rx), n + peer_conn(&p)->rcv.packets);
	assert_int_equal(peer_conn(&p)->rcv.bytes, ack);
	while (n > 0)
		pkt_put(hold[--n]);
	put_range(&p, ack, STREAM);
	a->paused = false;
	app_read(a);
	(void)peer_drain(&p);
	assert_int_equal(a->in_len, STREAM);
	assert_memory_equal(a->in, stream, STREAM);
	world_free(w);
}

/* As vnet_may_coalesce() of drivers/net/vnet counts on: the longest run that a device makes in
 * packets of 2 KiB is kept whole if it has 66 of 176. */
static void longest_run_fits_into_the_smallest_pool(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_in_pool(&p, &a, 64, 176);
	struct pkt *device[66];
	unsigned segments;
	for (size_t i = 0; i < ARRAY_SIZE(device); i++)
		device[i] = pkt_alloc(&w->side[0].rx, 0);
	a->paused = true;
	w->pipe.end[0].run_bytes = STREAM / 33 + 10;
	put_range(&p, 0, STREAM);
	assert_int_equal(acknowledged(&p, &segments), STREAM);
	assert_int_equal(peer_conn(&p)->rcv.packets, 33);
	for (size_t i = 0; i < ARRAY_SIZE(device); i++)
		pkt_put(device[i]);
	app_read(a);
	world_free(w);
}

static void run_out_of_order_is_answered_as_three_segments(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 64);
	unsigned segments;
	put_range(&p, 10000, 30300);
	assert_int_equal(peer_conn(&p)->rcv.gap_packets, 21);
	assert_int_equal(acknowledged(&p, &segments), 0);
	assert_int_equal(segments, 3);
	put_range(&p, 0, 10000);
	assert_int_equal(acknowledged(&p, &segments), 30300);
	assert_int_equal(a->in_len, 30300);
	assert_memory_equal(a->in, stream, 30300);
	assert_int_equal(w->side[0].tcp->held, 0);
	world_free(w);
}

static void runs_that_overlap_are_trimmed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 64);
	put_range(&p, 0, 5000);
	put_range(&p, 20000, 25000);
	put_range(&p, 4321, 10000);  /* old in front, over several packets */
	put_range(&p, 22345, 28000); /* over the end of the one that waits */
	put_range(&p, 9999, 21111);  /* over its begin */
	put_range(&p, 0, 28000);     /* all old */
	(void)peer_drain(&p);
	assert_int_equal(a->in_len, 28000);
	assert_memory_equal(a->in, stream, 28000);
	assert_int_equal(w->side[0].tcp->held, 0);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	world_free(w);
}

/* What lies beyond the window is cut off, and a FIN behind it with it. */
static void run_beyond_the_window_is_cut(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 128);
	unsigned segments;
	a->paused = true;
	uint32_t window = conn_recv_window(peer_conn(&p));
	assert_true(window < STREAM + 10000);
	put_range(&p, 0, 10000);
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq + 10000, p.ack, stream, STREAM);
	assert_int_equal(acknowledged(&p, &segments), window);
	assert_false(peer_conn(&p)->eof);
	world_free(w);
}

static void run_with_a_fin_ends_the_stream(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 64);
	unsigned segments;
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq, p.ack, stream, 30000);
	assert_int_equal(acknowledged(&p, &segments), 30001);
	assert_int_equal(a->in_len, 30000);
	assert_int_equal(a->read_error, ERR_EOF);
	world_free(w);
}

/* A run damaged in its last byte, whose checksum nobody vouches for. */
static void run_is_summed_if_nobody_did(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 64);
	p.bad_checksum = true;
	put_range(&p, 0, 20001);
	p.bad_checksum = false;
	assert_int_equal(tcp_stats(w->side[0].tcp)->bad_checksum, 1);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	put_range(&p, 0, 20001);
	(void)peer_drain(&p);
	assert_int_equal(a->in_len, 20001);
	world_free(w);
}

int coalesced_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jumbo_frames_get_no_more_promised_than_fits),
		cmocka_unit_test(run_is_kept_as_packets_and_acknowledged_at_once),
		cmocka_unit_test(several_packets_of_a_run_are_lent_and_given_back_at_once),
		cmocka_unit_test(run_that_does_not_fit_is_taken_in_part),
		cmocka_unit_test(longest_run_fits_into_the_smallest_pool),
		cmocka_unit_test(run_out_of_order_is_answered_as_three_segments),
		cmocka_unit_test(runs_that_overlap_are_trimmed),
		cmocka_unit_test(run_beyond_the_window_is_cut),
		cmocka_unit_test(run_with_a_fin_ends_the_stream),
		cmocka_unit_test(run_is_summed_if_nobody_did),
	};
	return cmocka_run_group_tests_name("tcp runs", tests, NULL, NULL);
}
