/* SPDX-License-Identifier: ISC */
/* What the window does in a recovery whose acknowledgements come in batches, and times that the
 * scoreboard has no place for. */
#include "tests/unit/tcp/tests.h"

#include "tests/unit/tcp/peer.h"

enum { MSS = 1460, WINDOW = 10 * MSS, TICK_US = 10240 };

static uint8_t data[65536];

static struct world *open_with(struct peer *p, struct app **a, uint32_t *base,
			       const struct tcp_cc_ops *congestion)
{
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(data);
	config.congestion = congestion;
	struct world *w = world_new(&config, false);
	peer_init(p, w, 4000);
	p->sack = true;
	*a = peer_open(p);
	*base = p->ack;
	app_write(*a, data, sizeof(data));
	assert_int_equal(peer_drain(p), WINDOW);
	return w;
}

/* Acknowledges `ack` segments, and of those behind it [from, to). */
static void sack_one(struct peer *p, uint32_t base, uint32_t ack, uint32_t from, uint32_t to)
{
	const struct tcp_range r = {base + from * MSS, base + to * MSS};
	peer_sack(p, base + ack * MSS, &r, 1);
}

static void expect_segment(struct peer *p, uint32_t base, uint32_t n)
{
	static struct seen s;
	assert_true(peer_take(p, &s));
	assert_int_equal((s.seq - base) / MSS, n);
}

/*
 * Four segments are acknowledged and the next is lost, all in one batch. What the four would have
 * let out is in the flight that the window shrinks from, and behind the point where the recovery
 * ends: a loss among it shrinks the window no second time.
 */
static void batch_counts_as_answered(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = open_with(&p, &a, &base, &tcp_newreno);
	struct tcp_conn *c = peer_conn(&p);
	peer_ack(&p, base + 4 * MSS);
	sack_one(&p, base, 4, 5, 10);
	assert_int_equal(c->cc.ssthresh, 7 * MSS);
	w->pipe.now_us += TICK_US;
	world_poll(w, 0);
	expect_segment(&p, base, 4);
	for (uint32_t i = 10; i < 16; i++)
		expect_segment(&p, base, i);
	w->pipe.now_us += TICK_US;
	sack_one(&p, base, 11, 12, 16);
	world_poll(w, 0);
	expect_segment(&p, base, 11);
	assert_int_equal(c->cc.ssthresh, 7 * MSS);
	assert_true(c->cc.recovery);
	(void)peer_drain(&p);
	peer_ack(&p, c->snd.max);
	assert_false(c->cc.recovery);
	assert_int_equal(c->cc.cwnd, 7 * MSS);
	world_abandon(w);
}

/* A recovery ends with what there is to send, though more could be. */
static void recovery_ends_with_the_data(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = open_with(&p, &a, &base, &tcp_cubic);
	struct tcp_conn *c = peer_conn(&p);
	c->snd.end -= c->snd.bytes - WINDOW - MSS; /* one more segment is all there is */
	c->snd.bytes = WINDOW + MSS;
	peer_ack(&p, base + 4 * MSS);
	sack_one(&p, base, 4, 5, 10);
	assert_int_equal(c->cc.recover, base + 11 * MSS);
	world_poll(w, 0);
	expect_segment(&p, base, 4);
	expect_segment(&p, base, 10);
	peer_ack(&p, base + 11 * MSS);
	assert_false(c->cc.recovery);
	assert_null(c->board);
	world_abandon(w);
}

/* Half of a window arrives at once, while the peer's window and not ours limits: the path has borne
 * all of it. */
static void batch_hides_no_flight(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = open_with(&p, &a, &base, &tcp_cubic);
	struct tcp_conn *c = peer_conn(&p);
	c->cc.limited = false;
	sack_one(&p, base, 6, 7, 10);
	assert_true(c->cc.ssthresh >= 7 * MSS);
	world_abandon(w);
}

/* The timestamp of what was sent last. */
static uint32_t last_ts(const struct tcp_conn *c)
{
	return c->ts.offset + c->sent_ms;
}

/*
 * Segment 10 is sent again while 0 is repaired; then 14 is found lost. The acknowledgement of 10
 * echoes a time before the second recovery, which does not make that one spurious (RFC 3522).
 */
static void earlier_repair_undoes_nothing(void **state)
{
	(void)state;
	struct peer p;
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(data);
	struct world *w = world_new(&config, false);
	peer_init(&p, w, 4000);
	p.sack = p.ts = true;
	struct app *a = peer_open(&p);
	struct tcp_conn *c = peer_conn(&p);
	uint32_t base = p.ack, mss = c->snd.mss;
	const struct tcp_range first = {base + mss, base + 10 * mss};
	const struct tcp_range second[] = {{base + 11 * mss, base + 14 * mss}, first};
	app_write(a, data, sizeof(data));
	assert_int_equal(peer_drain(&p), 10 * mss);
	w->pipe.now_us += TICK_US;
	peer_sack(&p, base, &first, 1);
	assert_int_equal(peer_drain(&p), 5 * mss); /* 0, and 10 to 13 */
	w->pipe.now_us += TICK_US;
	peer_sack(&p, base, second, 2);
	assert_true(peer_drain(&p) > 2 * mss); /* 0 and 10, and from 14 on */
	uint32_t resent = last_ts(c), max = c->snd.max;
	w->pipe.now_us += TICK_US;
	p.echo = resent;
	peer_ack(&p, base + 10 * mss);
	assert_false(c->cc.recovery);
	peer_sack(&p, base + 10 * mss,
		  (const struct tcp_range[]){{base + 15 * mss, max}, second[0]}, 2);
	assert_true(c->cc.recovery);
	uint32_t ssthresh = c->cc.ssthresh;
	(void)peer_drain(&p);
	w->pipe.now_us += TICK_US;
	peer_ack(&p, base + 14 * mss);
	assert_int_equal(tcp_stats(w->side[0].tcp)->spurious, 0);
	assert_int_equal(c->cc.ssthresh, ssthresh);
	world_abandon(w);
}

/* More times than the board has places for: what arrives never seems to have been sent later than
 * it was, or what was sent before it would seem to be lost. */
static void joined_runs_are_never_too_late(void **state)
{
	(void)state;
	enum { PARTS = 3 * TCP_RUNS_MAX, PART = 100, APART_US = 700 };
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = open_with(&p, &a, &base, &tcp_cubic);
	struct tcp_conn *c = peer_conn(&p);
	c->rto.least_us = 1;
	struct tcp_board *b = tcp_board_new(c, world_now(w));
	uint32_t begin_us = (uint32_t)world_now(w);
	for (uint32_t i = 0; i < PARTS; i++)
		tcp_board_sent(c, begin_us + i * APART_US, base + i * PART, base + (i + 1) * PART);
	for (uint32_t i = 0; i < PARTS; i++) {
		struct tcp_board_news n = {.now_us = begin_us + (2 * PARTS + i) * APART_US,
					   .high = b->high};
		tcp_board_had(c, base + i * PART, base + (i + 1) * PART, &n);
		assert_true(!b->rack || seq_le(b->rack_at_us, begin_us + i * APART_US));
	}
	assert_true(b->rack && seq_ge(b->rack_at_us, begin_us));
	world_abandon(w);
}

/* With more holes than places it is the least that is sent in vain. */
static void little_is_forgotten(void **state)
{
	(void)state;
	enum { HOLES = TCP_RUNS_MAX, SHORT = 10, LONG = 1000 };
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = open_with(&p, &a, &base, &tcp_cubic);
	struct tcp_conn *c = peer_conn(&p);
	struct tcp_board *b = tcp_board_new(c, world_now(w));
	struct tcp_board_news n = {.now_us = world_now(w), .high = b->high};
	tcp_board_had(c, base + WINDOW - LONG, base + WINDOW, &n);
	for (uint32_t i = 0; i < HOLES; i++)
		tcp_board_had(c, base + (2 * i + 1) * SHORT, base + (2 * i + 2) * SHORT, &n);
	assert_true(b->runs <= TCP_RUNS_MAX);
	assert_int_equal(b->run[b->runs - 1].state, TCP_RUN_HAD);
	assert_true(tcp_board_bytes(c, TCP_RUN_HAD) >= LONG + (TCP_RUNS_MAX / 2 - 3) * SHORT);
	world_abandon(w);
}

int recovery_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_counts_as_answered),
		cmocka_unit_test(recovery_ends_with_the_data),
		cmocka_unit_test(batch_hides_no_flight),
		cmocka_unit_test(earlier_repair_undoes_nothing),
		cmocka_unit_test(joined_runs_are_never_too_late),
		cmocka_unit_test(little_is_forgotten),
	};
	return cmocka_run_group_tests_name("tcp recovery", tests, NULL, NULL);
}
