/* SPDX-License-Identifier: ISC */
/* Timeouts that come too early, and those that do not: RFC 5682, with and without SACK. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/sack_peer.h"

enum { SEGMENTS = 10, MORE = 30, RTT_US = 20000 };

struct bench {
	struct peer p;
	struct app *a;
	struct world *w;
	struct tcp_conn *c;
	uint32_t base;
	unsigned resent; /* segments, since the timeout inclusive */
};

/* The segments that are sent now, of which those behind `next` are new; returns how many are. */
static unsigned new_segments(struct bench *b, uint32_t next)
{
	static struct seen s;
	unsigned n = 0;

	world_poll(b->w, 0);
	while (peer_take(&b->p, &s)) {
		if (s.len == 0)
			continue;
		n += seq_ge(s.seq, next);
		b->resent += seq_lt(s.seq, next);
	}
	return n;
}

static void acks(struct bench *b, uint32_t segments)
{
	peer_ack(&b->p, b->base + segments * MSS);
}

/* Ten segments are out, `written` were to be sent, and the timer has run out. */
static void time_out(struct bench *b, bool sack, bool ts, uint32_t written)
{
	struct tcp_config config = world_config;

	config.send_bytes = sizeof(sack_data);
	memset(b, 0, sizeof(*b));
	b->w = world_new(&config, false);
	peer_init(&b->p, b->w, 4000);
	b->p.sack = sack;
	b->p.ts = ts;
	b->a = peer_open(&b->p);
	b->base = b->p.ack;
	b->c = peer_conn(&b->p);
	b->c->rto.srtt_us = b->c->rto.least_us = RTT_US;
	b->c->rto.rttvar_us = 0;
	app_write(b->a, sack_data, written);
	(void)peer_drain(&b->p);
	/* A probe of the tail is another matter. */
	b->c->timer = TCP_TIMER_RTO;
	b->w->pipe.now_us = b->c->rexmit_us = b->w->pipe.now_us + RTO_MIN_US;
	assert_int_equal(new_segments(b, b->c->snd.max), 0);
	assert_int_equal(b->resent, 1);
	assert_int_equal(tcp_stats(b->c->tcp)->timeouts, 1);
	b->w->pipe.now_us += 2 * RTT_US; /* what was sent again could have been answered */
}

#define FOR_BOTH(sack) for (int sack = 0; sack < 2; sack++)

static void an_early_timeout_is_undone(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, MORE * MSS);
		uint32_t max = b.c->snd.max;
		acks(&b, 1);
		assert_int_equal(new_segments(&b, max), 2); /* instead of what is in flight */
		acks(&b, 2);
		assert_int_equal(tcp_stats(b.c->tcp)->spurious, 1);
		assert_true(b.c->cc.cwnd >= SEGMENTS * MSS);
		for (uint32_t n = 3; n <= SEGMENTS + 2; n++) {
			b.w->pipe.now_us += RTT_US / 2;
			assert_true(new_segments(&b, max) <= SEGMENTS);
			acks(&b, n);
		}
		assert_int_equal(b.resent, 1);
		assert_false(b.c->cc.recovery);
		world_abandon(b.w);
	}
}

/* As after a pause of the whole path: nothing has been sent between the acknowledgements. */
static void all_acknowledgements_at_once(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, MORE * MSS);
		for (uint32_t n = 1; n < SEGMENTS; n++)
			acks(&b, n);
		assert_true(new_segments(&b, b.c->snd.max) > 0);
		assert_int_equal(b.resent, 1);
		assert_int_equal(tcp_stats(b.c->tcp)->spurious, 1);
		world_abandon(b.w);
	}
}

static void a_duplicate_shows_that_much_is_lost(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, MORE * MSS);
		uint32_t max = b.c->snd.max;
		acks(&b, 1);
		assert_int_equal(new_segments(&b, max), 2);
		b.w->pipe.now_us += RTT_US;
		if (sack)
			sack_one(&b.p, b.base, 1, SEGMENTS, SEGMENTS + 1);
		else
			acks(&b, 1);
		(void)new_segments(&b, max);
		assert_in_range(b.resent, 3, 4); /* one, and then two or three */
		assert_in_range(b.c->cc.cwnd, MSS, 3 * MSS);
		assert_int_equal(tcp_stats(b.c->tcp)->spurious, 0);
		for (unsigned i = 0; i < 50 && b.c->snd.una != max; i++) {
			b.w->pipe.now_us += RTT_US;
			acks(&b, b.resent);
			(void)new_segments(&b, max);
		}
		assert_true(seq_ge(b.c->snd.una, max));
		assert_int_equal(b.resent, SEGMENTS);
		world_abandon(b.w);
	}
}

static void a_timeout_that_is_right_costs_nothing(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, MORE * MSS);
		acks(&b, SEGMENTS); /* the first alone was lost */
		assert_true(new_segments(&b, b.base + SEGMENTS * MSS) > 0);
		assert_int_equal(b.resent, 1);
		assert_true(b.c->cc.cwnd < SEGMENTS * MSS);
		assert_int_equal(tcp_stats(b.c->tcp)->spurious, 0);
		world_abandon(b.w);
	}
}

static void with_nothing_new_it_is_not_asked(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, SEGMENTS * MSS);
		acks(&b, 1);
		(void)new_segments(&b, b.c->snd.max);
		assert_int_equal(b.resent, 3);
		world_abandon(b.w);
	}
}

/* One timeout after another is no doubtful one. */
static void a_second_timeout_is_believed(void **state)
{
	(void)state;
	FOR_BOTH(sack)
	{
		struct bench b;
		time_out(&b, sack, false, MORE * MSS);
		uint32_t max = b.c->snd.max;
		b.w->pipe.now_us += 4 * RTO_MIN_US;
		(void)new_segments(&b, max);
		assert_int_equal(tcp_stats(b.c->tcp)->timeouts, 2);
		acks(&b, 1);
		(void)new_segments(&b, max);
		assert_int_equal(b.resent, 4);
		world_abandon(b.w);
	}
}

/* With timestamps (RFC 3522) one acknowledgement is enough, however late, and RACK forgets too. */
static void a_late_echo_leads_to_no_recovery(void **state)
{
	(void)state;
	struct bench b;
	time_out(&b, true, true, MORE * MSS);
	b.p.echo = b.c->resent_ts - 200;
	uint32_t max = b.c->snd.max;
	for (uint32_t n = 1; n <= SEGMENTS; n++) {
		peer_ack(&b.p, b.base + n * b.c->snd.mss);
		b.w->pipe.now_us += RTT_US / 2;
		(void)new_segments(&b, max);
	}
	assert_int_equal(tcp_stats(b.c->tcp)->spurious, 1);
	assert_int_equal(b.resent, 1);
	assert_false(b.c->cc.recovery);
	world_abandon(b.w);
}

int frto_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_early_timeout_is_undone),
		cmocka_unit_test(all_acknowledgements_at_once),
		cmocka_unit_test(a_duplicate_shows_that_much_is_lost),
		cmocka_unit_test(a_timeout_that_is_right_costs_nothing),
		cmocka_unit_test(with_nothing_new_it_is_not_asked),
		cmocka_unit_test(a_second_timeout_is_believed),
		cmocka_unit_test(a_late_echo_leads_to_no_recovery),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
