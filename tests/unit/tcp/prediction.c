/* SPDX-License-Identifier: ISC */
/*
 * Header prediction: which segments take the short way, and that all others do not. A segment that
 * takes the complete way leaves the connection not plain until the next poll.
 */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "net/tcp/input.h"
#include "tests/unit/tcp/peer.h"

enum { URGENT = 1 << 5 };

static uint8_t data[4000];

static struct world *open_with(struct peer *p, struct app **a, const struct tcp_config *config,
			       bool ts)
{
	struct world *w = world_new(config, false);
	peer_init(p, w, 4000);
	p->sack = true;
	p->ts = ts;
	p->now = 1000;
	*a = peer_open(p);
	peer_wait(p, 1000);
	assert_true(peer_conn(p)->plain);
	return w;
}

static void put(struct peer *p, uint8_t flags, uint32_t seq, uint32_t ack, size_t len)
{
	(void)peer_drain(p);
	tcp_predict(peer_conn(p)); /* as output does after whatever is answered */
	assert_true(peer_conn(p)->plain);
	peer_put(p, flags, seq, ack, data, len);
}

static bool was_predicted(const struct peer *p)
{
	return peer_conn(p)->plain;
}

static void text_and_acknowledgements_take_the_short_way(void **state)
{
	(void)state;
	for (unsigned ts = 0; ts < 2; ts++) {
		struct peer p;
		struct app *a;
		struct world *w = open_with(&p, &a, &world_config, ts != 0);
		const struct tcp_conn *c = peer_conn(&p);
		app_write(a, data, 3000);
		put(&p, TCP_ACK, p.seq, p.ack, 1460);
		assert_true(was_predicted(&p));
		assert_int_equal(c->rcv.nxt, p.seq + 1460);
		p.now++;
		put(&p, TCP_ACK | TCP_PSH, p.seq + 1460, p.ack + 1000, 100);
		assert_true(was_predicted(&p));
		assert_int_equal(c->rcv.nxt, p.seq + 1560);
		assert_int_equal(c->snd.una, p.ack + 1000);
		p.window = 5000;
		peer_wait(&p,
			  TCP_DELAYED_ACK_US); /* RFC 7323 section 4.3: acknowledged, so it moves */
		p.now++;
		put(&p, TCP_ACK, p.seq + 1560, p.ack + 3000, 0);
		assert_true(was_predicted(&p));
		assert_int_equal(c->snd.una, p.ack + 3000);
		assert_int_equal(c->snd.wnd, 5000);
		if (ts != 0)
			assert_int_equal(c->ts.recent, p.now);
		(void)peer_drain(&p);
		assert_int_equal(a->in_len, 1560);
		world_free(w);
	}
}

/* Flags, numbers and options that the complete way is for. */
static void whatever_else_there_is_does_not(void **state)
{
	static const struct {
		uint8_t flags;
		int32_t seq, ack; /* beside what is expected */
		uint32_t len;
	} cases[] = {
		{TCP_ACK | TCP_FIN, 0, 0, 10},
		{TCP_ACK | URGENT, 0, 0, 10},
		{TCP_ACK | TCP_ECE, 0, 0, 10},
		{TCP_ACK | TCP_CWR, 0, 0, 10},
		{TCP_PSH, 0, 0, 10},
		{TCP_ACK | TCP_SYN, 0, 0, 10},
		{TCP_ACK, 1, 0, 10},
		{TCP_ACK, -1, 0, 10},
		{TCP_ACK, 0, 1, 10},
		{TCP_ACK, 0, -1, 10},
		{TCP_ACK, 0, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct peer p;
		struct app *a;
		struct world *w = open_with(&p, &a, &world_config, i % 2 != 0);
		put(&p, cases[i].flags, p.seq + (uint32_t)cases[i].seq,
		    p.ack + (uint32_t)cases[i].ack, cases[i].len);
		assert_false(was_predicted(&p));
		world_abandon(w);
	}
}

static void options_are_none_or_timestamps_as_agreed(void **state)
{
	(void)state;
	for (unsigned ts = 0; ts < 2; ts++) {
		struct peer p;
		struct app *a;
		struct world *w = open_with(&p, &a, &world_config, ts != 0);
		p.ts = ts == 0; /* not as agreed */
		put(&p, TCP_ACK, p.seq, p.ack, 10);
		assert_false(was_predicted(&p));
		p.ts = ts != 0;
		/* Timestamps behind the NOPs instead of before them. */
		const uint8_t odd[12] = {8, 10, 0, 0, 4, 0, 0, 0, 0, 0, 1, 1};
		memcpy(p.extra, odd, sizeof(odd));
		p.extra_len = sizeof(odd);
		put(&p, TCP_ACK, peer_conn(&p)->rcv.nxt, p.ack, 10);
		assert_false(was_predicted(&p));
		p.extra_len = 0;
		if (ts != 0) {
			p.now = 999; /* an old duplicate */
			put(&p, TCP_ACK, peer_conn(&p)->rcv.nxt, p.ack, 10);
			assert_false(was_predicted(&p));
			assert_int_equal(tcp_stats(w->side[0].tcp)->old_timestamp, 2);
		}
		world_abandon(w);
	}
}

static void text_beyond_the_window_takes_the_complete_way(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, &world_config, false);
	(void)state;
	a->paused = true;
	for (uint32_t left; (left = conn_recv_window(peer_conn(&p))) > 0;) {
		put(&p, TCP_ACK, peer_conn(&p)->rcv.nxt, p.ack, MIN(left, 1460u));
		assert_true(was_predicted(&p));
	}
	put(&p, TCP_ACK, peer_conn(&p)->rcv.nxt, p.ack, 1);
	assert_false(was_predicted(&p));
	assert_int_equal(peer_conn(&p)->rcv.bytes, world_config.recv_bytes);
	world_free(w);
}

/* Section 3.8.6.1: a peer that answers is not given up, whatever it says. */
static void text_from_behind_a_closed_window_shows_that_the_peer_lives(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, &world_config, false);
	struct tcp_conn *c = peer_conn(&p);
	(void)state;
	p.window = 0;
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 10);
	app_write(a, data, 10);
	for (unsigned i = 0; i < 30 && c->rto.retries < 3; i++)
		peer_wait(&p, US_PER_S);
	assert_true(c->persisting && !c->plain);
	assert_int_equal(c->rto.retries, 3);
	peer_put(&p, TCP_ACK, p.seq + 10, p.ack, data, 10);
	assert_int_equal(c->rto.retries, 0);
	world_free(w);
}

/* The user's shutdown has what the peer answers looked at as the states need it. */
static void shutdown_ends_it_at_once(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_with(&p, &a, &world_config, false);
	(void)state;
	flow_shutdown(a->flow);
	assert_false(peer_conn(&p)->plain);
	peer_wait(&p, 1000);
	assert_false(peer_conn(&p)->plain);
	peer_put(&p, TCP_ACK, p.seq, p.ack + 1, NULL, 0);
	assert_int_equal(peer_conn(&p)->state, TCP_FIN_WAIT_2);
	world_free(w);
}

int prediction_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_acknowledgements_take_the_short_way),
		cmocka_unit_test(whatever_else_there_is_does_not),
		cmocka_unit_test(options_are_none_or_timestamps_as_agreed),
		cmocka_unit_test(text_beyond_the_window_takes_the_complete_way),
		cmocka_unit_test(text_from_behind_a_closed_window_shows_that_the_peer_lives),
		cmocka_unit_test(shutdown_ends_it_at_once),
	};
	return cmocka_run_group_tests_name("tcp prediction", tests, NULL, NULL);
}
