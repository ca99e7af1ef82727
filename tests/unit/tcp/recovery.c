/* SPDX-License-Identifier: ISC */
/* Times and runs that the scoreboard has no place for, and what undoes a recovery. */
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
		cmocka_unit_test(earlier_repair_undoes_nothing),
		cmocka_unit_test(joined_runs_are_never_too_late),
		cmocka_unit_test(little_is_forgotten),
	};
	return cmocka_run_group_tests_name("tcp recovery", tests, NULL, NULL);
}
