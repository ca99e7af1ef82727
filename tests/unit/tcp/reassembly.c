/* SPDX-License-Identifier: ISC */
/* Segments that come in any order and overlap: RFC 9293 section 3.10.7.4, first and seventh. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tcp/peer.h"

enum { STREAM = 6000 };

static uint8_t stream[STREAM];

static struct world *open_one(struct peer *p, struct app **a, uint32_t recv_packets)
{
	struct tcp_config config = world_config;
	config.recv_packets = recv_packets;
	struct world *w = world_new(&config, false);
	for (size_t i = 0; i < STREAM; i++)
		stream[i] = (uint8_t)(i * 31 + i / 251);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

/* Bytes [from, to) of the stream. */
static void put_range(struct peer *p, uint32_t from, uint32_t to)
{
	peer_put(p, TCP_ACK, p->seq + from, p->ack, stream + from, to - from);
}

static void arrived(struct peer *p, struct app *a, size_t n)
{
	(void)peer_drain(p);
	assert_int_equal(a->in_len, n);
	assert_memory_equal(a->in, stream, n);
}

static void gap_is_filled(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 16);
	put_range(&p, 2000, 3000);
	put_range(&p, 1000, 2000);
	put_range(&p, 4000, 5000);
	arrived(&p, a, 0);
	assert_int_equal(a->events, 0);
	put_range(&p, 0, 1000);
	arrived(&p, a, 3000);
	put_range(&p, 3000, 4000);
	arrived(&p, a, 5000);
	assert_int_equal(peer_conn(&p)->rcv.packets, 0);
	assert_int_equal(tcp_stats(w->side[0].tcp)->out_of_order, 3);
	world_free(w);
}

static void overlaps_are_trimmed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 16);
	put_range(&p, 0, 500);
	put_range(&p, 300, 1000); /* in front, over what was received */
	put_range(&p, 0, 200);    /* all old */
	put_range(&p, 2000, 2600);
	put_range(&p, 1800, 2100); /* over the begin of the one that waits */
	put_range(&p, 2500, 2800); /* over its end */
	put_range(&p, 2050, 2500); /* inside */
	put_range(&p, 3000, 3100);
	put_range(&p, 3200, 3300);
	put_range(&p, 2900, 3400); /* covers two */
	arrived(&p, a, 1000);
	put_range(&p, 900, 1900);
	arrived(&p, a, 2800);
	put_range(&p, 2700, 3000);
	arrived(&p, a, 3400);
	assert_int_equal(w->side[0].tcp->held, 0);
	world_free(w);
}

/* Every order and every cut of a stream, against the stream. */
static void random_pieces_make_the_stream(void **state)
{
	(void)state;
	const unsigned pieces[] = {0, 1, 3};
	srand(7);
	for (int round = 0; round < 60; round++) {
		struct peer p;
		struct app *a;
		struct world *w = open_one(&p, &a, 64);
		w->pipe.end[0].pieces = pieces[round % 3];
		for (int i = 0; i < 4000 && a->in_len < STREAM; i++) {
			uint32_t near = (uint32_t)a->in_len + (uint32_t)(rand() % 3000);
			uint32_t from = near > 700 ? near - 700 : 0;
			from = MIN(from, STREAM - 1u);
			uint32_t to = from + 1 + (uint32_t)(rand() % 900);
			put_range(&p, from, MIN(to, (uint32_t)STREAM));
			if (rand() % 2 == 0)
				(void)peer_drain(&p);
		}
		arrived(&p, a, STREAM);
		assert_int_equal(w->side[0].tcp->held, 0);
		assert_int_equal(pool_in_use(&w->side[0].rx), 0);
		world_free(w);
	}
}

/* Those that are nearest to the gap are kept. */
static void packets_out_of_order_are_bounded(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 8);
	for (uint32_t i = 1; i < 20; i++) {
		uint32_t at = i % 2 != 0 ? i : 20 - i; /* from both ends */
		put_range(&p, at * 300, at * 300 + 280);
		assert_true(pool_in_use(&w->side[0].rx) <= 8);
	}
	assert_int_equal(tcp_stats(w->side[0].tcp)->out_of_memory, 11);
	arrived(&p, a, 0);
	put_range(&p, 0, 300); /* in order: even now there is a place for it */
	arrived(&p, a, 580);
	for (uint32_t i = 1; i < 7; i++) {
		put_range(&p, i * 300 + 280, i * 300 + 300);
		arrived(&p, a, i * 300 + 580);
	}
	world_free(w);
}

/* Adjacent small ones out of order share a buffer as well. */
static void small_packets_out_of_order_are_joined(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 8);
	for (uint32_t i = 1; i < 100; i++)
		put_range(&p, i * 10, i * 10 + 10);
	assert_int_equal(pool_in_use(&w->side[0].rx), 1);
	put_range(&p, 0, 10);
	arrived(&p, a, 1000);
	world_free(w);
}

/* Eighth: the FIN counts when all before it is there, however it came. */
static void fin_waits_for_its_turn(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 16);
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq + 1000, p.ack, stream + 1000, 500);
	arrived(&p, a, 0);
	assert_int_equal(a->read_error, ERR_AGAIN);
	put_range(&p, 1400, 2000); /* beyond the end: cut */
	put_range(&p, 0, 600);
	arrived(&p, a, 600);
	peer_put(&p, TCP_ACK, p.seq + 600, p.ack, stream + 600, 400);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq + 1501);
	arrived(&p, a, 1500);
	assert_int_equal(a->read_error, ERR_EOF);
	world_free(w);
}

static void bare_fin_out_of_order(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 16);
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq + 10, p.ack, NULL, 0);
	arrived(&p, a, 0);
	put_range(&p, 0, 10);
	arrived(&p, a, 10);
	assert_int_equal(a->read_error, ERR_EOF);
	world_free(w);
}

/* Packets in pieces (merged by a device) are read piece by piece, at any consumption. */
static void pieces_are_read_in_order(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a, 16);
	struct slice s;
	size_t at = 0;
	a->paused = true;
	w->pipe.end[0].pieces = 4;
	put_range(&p, 0, 1000);
	put_range(&p, 1000, 1999);
	put_range(&p, 1500, 2500);
	(void)peer_drain(&p);
	while (flow_read(a->flow, &s) == OK) {
		assert_memory_equal(s.data, stream + at, s.len);
		size_t n = MIN(s.len, (size_t)77);
		flow_consume(a->flow, n);
		at += n;
	}
	assert_int_equal(at, 2500);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	world_free(w);
}

int reassembly_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gap_is_filled),
		cmocka_unit_test(overlaps_are_trimmed),
		cmocka_unit_test(random_pieces_make_the_stream),
		cmocka_unit_test(packets_out_of_order_are_bounded),
		cmocka_unit_test(small_packets_out_of_order_are_joined),
		cmocka_unit_test(fin_waits_for_its_turn),
		cmocka_unit_test(bare_fin_out_of_order),
#ifndef PLAIN_IPV4 /* which takes nothing in pieces */
		cmocka_unit_test(pieces_are_read_in_order),
#endif
	};
	return cmocka_run_group_tests_name("tcp reassembly", tests, NULL, NULL);
}
