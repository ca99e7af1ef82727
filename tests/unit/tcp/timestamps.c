/* SPDX-License-Identifier: ISC */
/* Timestamps: RFC 7323. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

static const uint64_t day_us = 24ull * 3600 * US_PER_S;
static uint8_t data[65536];

static struct world *open_ts(struct peer *p, struct app **a)
{
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(data);
	struct world *w = world_new(&config, false);
	peer_init(p, w, 4000);
	p->ts = true;
	p->now = 0xfffffff0; /* soon to wrap */
	*a = peer_open(p);
	return w;
}

/* What the TCP's clock says to this peer. */
static uint32_t clock_of(const struct peer *p)
{
	return peer_conn(p)->ts.offset + tcp_ts_clock(world_now(p->world));
}

static void every_combination_is_negotiated(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	for (unsigned bits = 0; bits < 8; bits++) {
		struct peer p;
		peer_init(&p, w, (uint16_t)(4000 + bits));
		p.ts = (bits & 1) != 0;
		p.sack = (bits & 2) != 0;
		p.scale = (bits & 4) != 0 ? 7 : -1;
		p.now = 12345;
		peer_send(&p, TCP_SYN, NULL, 0);
		const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
		assert_int_equal(s->has_ts, p.ts);
		assert_int_equal(s->sack, p.sack);
		assert_int_equal(s->scale >= 0, p.scale >= 0);
		assert_int_equal(s->mss, 1460); /* RFC 6691: options are the sender's affair */
		if (p.ts)
			assert_int_equal(s->ts_echo, 12345);
		p.ack = s->seq + 1;
		p.echo = s->ts;
		peer_send(&p, TCP_ACK, NULL, 0);
		peer_expect_silence(&p);
		app_write(world_server(w), data, 3000);
		s = peer_expect(&p, TCP_ACK);
		assert_int_equal(s->has_ts, p.ts);
		assert_int_equal(s->len, p.ts ? 1448 : 1460);
		(void)peer_drain(&p);
		peer_send(&p, TCP_ACK | TCP_RST, NULL, 0);
		world_poll(w, 0);
	}
	world_free(w);
}

static void connecting_offers_them(void **state)
{
	(void)state;
	for (int ts = 0; ts < 2; ts++) {
		struct world *w = world_new(&world_config, false);
		struct peer p;
		struct app a = {0};
		peer_init(&p, w, 5000);
		p.ts = ts != 0;
		peer_accept(&p, &a);
		assert_int_equal(peer_conn(&p)->ts.on, ts);
		app_write(&a, data, 100);
		assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->has_ts, ts);
		app_fini(&a);
		world_free(w);
	}
}

/* The MSS less the option, also in what a device cuts. */
static void segments_fit(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	app_write(a, data, 3 * 1448);
	for (int i = 0; i < 3; i++)
		assert_int_equal(peer_expect(&p, i < 2 ? TCP_ACK : TCP_ACK | TCP_PSH)->len, 1448);
	world_free(w);
}

/* Section 7.1: the clock begins anywhere, differs by peer, and ticks by the millisecond */
static void clock_tells_no_uptime(void **state)
{
	(void)state;
	struct peer p, q;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	peer_init(&q, w, 4001);
	q.ts = true;
	(void)peer_open(&q);
	uint32_t up = tcp_ts_clock(world_now(w));
	assert_int_not_equal(clock_of(&p), up);
	assert_int_not_equal(clock_of(&p), clock_of(&q));
	app_write(a, data, 1);
	uint32_t before = peer_expect(&p, TCP_ACK | TCP_PSH)->ts;
	assert_int_equal(before, clock_of(&p));
	w->pipe.now_us += 1024 * 100;
	p.now += 100;
	peer_ack(&p, p.ack + 1);
	app_write(a, data, 1);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->ts, before + 100);
	world_free(w);
}

/* Section 4.3: the echo is of the segment that the acknowledgement is for, not of later ones */
static void echo_is_of_what_is_acknowledged(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	p.now += 5;
	uint32_t first = p.now;
	peer_send(&p, TCP_ACK, data, 100);
	p.now += 10;
	peer_send(&p, TCP_ACK, data, 100);
	world_poll(w, 0);
	w->pipe.now_us += TCP_DELAYED_ACK_US;
	assert_int_equal(peer_expect(&p, TCP_ACK)->ts_echo, first);
	p.now += 30;
	peer_put(&p, TCP_ACK, p.seq + 500, p.ack, data, 100); /* behind a gap */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ts_echo, first);
	peer_send(&p, TCP_ACK, data, 500);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ts_echo, p.now);
	world_free(w);
}

/* Section 4.1: even a segment that was sent twice is measured, by the echo */
static void echoes_measure_the_round_trip(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	app_write(a, data, 100);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	w->pipe.now_us += RTO_MIN_US;
	p.echo = peer_expect(&p, TCP_ACK | TCP_PSH)->ts; /* the second */
	w->pipe.now_us += 81920;
	peer_ack(&p, p.ack + 100);
	peer_expect_silence(&p);
	assert_int_equal(peer_conn(&p)->rto.srtt_us, 81920 / 8);
	world_free(w);
}

/* Appendix G: of many acknowledgements in a round trip each weighs less */
static void many_measurements_weigh_less(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	app_write(a, data, 10 * 1448);
	(void)peer_drain(&p);
	p.echo = clock_of(&p);
	w->pipe.now_us += 81920;
	uint32_t before = peer_conn(&p)->rto.srtt_us;
	peer_ack(&p, p.ack + 1448);
	uint32_t gain = peer_conn(&p)->rto.srtt_us - before;
	assert_in_range(gain, (81920 - before) / 48 - 400, (81920 - before) / 48 + 400);
	/* What was never sent, or long ago, is no measurement. */
	before = peer_conn(&p)->rto.srtt_us;
	p.echo = clock_of(&p) + 1;
	peer_ack(&p, p.ack + 1448);
	p.echo = clock_of(&p) - 70000;
	peer_ack(&p, p.ack + 1448);
	assert_int_equal(peer_conn(&p)->rto.srtt_us, before);
	world_free(w);
}

/* RFC 3522, RFC 4015: what was only late was not lost */
static void early_timeout_is_undone(void **state)
{
	(void)state;
	for (int genuine = 0; genuine < 2; genuine++) {
		struct peer p;
		struct app *a;
		struct world *w = open_ts(&p, &a);
		struct tcp_conn *c = peer_conn(&p);
		app_write(a, data, 20 * 1448);
		uint32_t sent_ts = clock_of(&p);
		assert_int_equal(peer_drain(&p), 10 * 1448);
		w->pipe.now_us += RTO_MIN_US;
		assert_int_equal(peer_drain(&p), 1448);
		assert_int_equal(c->cc.cwnd, 1448);
		p.echo = genuine ? clock_of(&p) : sent_ts;
		w->pipe.now_us += 10000;
		peer_ack(&p, p.ack + 1448);
		assert_int_equal(c->cc.cwnd, (genuine ? 2 : 11) * 1448);
		assert_int_equal(tcp_stats(w->side[0].tcp)->spurious, !genuine);
		/* new data, nothing twice */
		uint32_t next = p.ack + (genuine ? 0 : 9 * 1448);
		assert_int_equal(peer_expect(&p, TCP_ACK)->seq, next);
		world_abandon(w);
	}
}

/* An echo of nothing that was sent undoes nothing. */
static void forged_echo_undoes_nothing(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	app_write(a, data, 20 * 1448);
	assert_int_equal(peer_drain(&p), 10 * 1448);
	w->pipe.now_us += RTO_MIN_US;
	assert_int_equal(peer_drain(&p), 1448);
	p.echo = clock_of(&p) - 70000;
	peer_ack(&p, p.ack + 1448);
	assert_int_equal(peer_conn(&p)->cc.cwnd, 2 * 1448);
	world_abandon(w);
}

/* --- protection against wrapped sequence numbers --------------------------------------------- */

static void old_duplicates_are_refused(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	p.now += 100; /* over the wrap */
	peer_send(&p, TCP_ACK, data, 1460);
	peer_send(&p, TCP_ACK, data, 1460);
	(void)peer_expect(&p, TCP_ACK);
	p.now -= 1;
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 100);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq); /* R1: and acknowledged */
	assert_int_equal(a->in_len, 2920);
	assert_int_equal(tcp_stats(w->side[0].tcp)->old_timestamp, 1);
	p.now += 1;
	peer_send(&p, TCP_ACK, data, 100); /* the same tick is not old */
	world_poll(w, 0);
	assert_int_equal(a->in_len, 3020);
	world_free(w);
}

/* Section 3.2: what has no timestamp is dropped in silence, but for resets and what ends us */
static void segments_without_one(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	p.ts = false;
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 100);
	peer_expect_silence(&p);
	assert_int_equal(a->in_len, 0);
	peer_put(&p, TCP_SYN, p.seq, 0, NULL, 0);
	(void)peer_expect(&p, TCP_ACK); /* RFC 5961 section 4 */
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(flow_error(a->flow), ERR_RESET);
	world_free(w);
}

static void resets_are_not_checked(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	p.now -= 1000;
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(flow_error(a->flow), ERR_RESET);
	world_free(w);
}

/* A forger who does not know what was sent cannot set the echo, which would shut the peer out. */
static void forged_acknowledgement_sets_no_echo(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	p.now += 0x40000000;
	peer_put(&p, TCP_ACK, p.seq, p.ack + 100000, data, 10);
	p.now -= 0x40000000;
	(void)peer_expect(&p, TCP_ACK);
	peer_send(&p, TCP_ACK, data, 100);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 100);
	world_free(w);
}

/* Section 5.5: both clocks wrap, and after 24 days of silence nothing can be compared */
static void clocks_wrap(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	uint32_t before = clock_of(&p);
	unsigned wraps = 0;
	for (int i = 0; i < 60; i++) { /* two months, something every day */
		w->pipe.now_us += day_us;
		p.now += (uint32_t)(day_us >> 10);
		app_write(a, data, 10);
		const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
		uint32_t ticks = (uint32_t)(day_us >> 10);
		assert_in_range(s->ts - before, ticks, ticks + 40); /* and a delayed ACK */
		wraps += s->ts < before;
		before = s->ts;
		p.echo = s->ts;
		p.ack += 10;
		peer_send(&p, TCP_ACK, data, 10);
		world_poll(w, 0);
		assert_int_equal(a->in_len, 10 * (i + 1));
		w->pipe.now_us += TCP_DELAYED_ACK_US;
		(void)peer_drain(&p);
	}
	assert_int_equal(wraps, 1);
	p.now -= 1; /* after 23 days still old */
	w->pipe.now_us += 23 * day_us;
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 10);
	(void)peer_expect(&p, TCP_ACK);
	assert_int_equal(a->in_len, 600);
	w->pipe.now_us += 2 * day_us; /* after 25 not */
	peer_send(&p, TCP_ACK, data, 10);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 610);
	world_free(w);
}

/* RFC 6191: a SYN with a later timestamp ends TIME-WAIT, one with an earlier does not */
static void time_wait_goes_by_timestamps(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	app_close(a);
	(void)peer_expect(&p, TCP_ACK | TCP_FIN);
	p.ack++;
	peer_send(&p, TCP_ACK | TCP_FIN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_true(s->has_ts);
	assert_int_equal(s->ts_echo, p.now);
	struct peer q = p;
	q.seq = p.seq + 100000; /* a higher number, but an earlier clock */
	q.now = p.now - 1;
	peer_put(&q, TCP_SYN, q.seq, 0, NULL, 0);
	(void)peer_expect(&q, TCP_ACK);
	q.seq = p.seq - 100000;
	q.now = p.now + 1;
	peer_put(&q, TCP_SYN, q.seq, 0, NULL, 0);
	assert_int_equal(peer_expect(&q, TCP_SYN | TCP_ACK)->ts_echo, q.now);
	world_free(w);
}

/* The echo tells which SYN,ACK was answered, so the round trip is known though one was lost. */
static void repeated_handshake_is_measured(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.ts = true;
	peer_send(&p, TCP_SYN, NULL, 0);
	(void)peer_expect(&p, TCP_SYN | TCP_ACK); /* lost */
	w->pipe.now_us += RTO_INITIAL_US;
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	p.ack = s->seq + 1;
	p.echo = s->ts;
	w->pipe.now_us += 10 * 1024;
	peer_send(&p, TCP_ACK, NULL, 0);
	const struct tcp_rto *r = &peer_conn(&p)->rto;
	assert_true(r->measured);
	assert_in_range(r->srtt_us, 9 * 1024, 11 * 1024);
	assert_in_range(r->rto_us, RTO_MIN_US, RTO_MIN_US + 40 * 1024);
	world_abandon(w);
}

/*
 * A segment arrives, but not its acknowledgement, again and again; at last one comes, with an echo
 * of long ago. Without SACK nobody can say that it is old; the timeout does not grow to it.
 */
static void lost_answers_are_no_round_trip(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_ts(&p, &a);
	struct tcp_rto *r = &peer_conn(&p)->rto;
	app_write(a, data, 100);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
	p.echo = s->ts;
	w->pipe.now_us += 10 * 1024;
	peer_ack(&p, p.ack + 100);
	p.ack += 100;
	app_write(a, data, 100);
	p.echo = peer_expect(&p, TCP_ACK | TCP_PSH)->ts;
	uint32_t rto_us = r->rto_us;
	for (unsigned i = 0; i < 5; i++) {
		w->pipe.now_us += rto_interval_us(r);
		(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	}
	peer_ack(&p, p.ack + 100);
	assert_true(r->rto_us < 3 * rto_us);
	world_abandon(w);
}

int timestamp_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_is_negotiated),
		cmocka_unit_test(connecting_offers_them),
		cmocka_unit_test(segments_fit),
		cmocka_unit_test(clock_tells_no_uptime),
		cmocka_unit_test(echo_is_of_what_is_acknowledged),
		cmocka_unit_test(echoes_measure_the_round_trip),
		cmocka_unit_test(many_measurements_weigh_less),
		cmocka_unit_test(early_timeout_is_undone),
		cmocka_unit_test(forged_echo_undoes_nothing),
		cmocka_unit_test(old_duplicates_are_refused),
		cmocka_unit_test(segments_without_one),
		cmocka_unit_test(resets_are_not_checked),
		cmocka_unit_test(forged_acknowledgement_sets_no_echo),
		cmocka_unit_test(clocks_wrap),
		cmocka_unit_test(time_wait_goes_by_timestamps),
		cmocka_unit_test(repeated_handshake_is_measured),
		cmocka_unit_test(lost_answers_are_no_round_trip),
	};
	return cmocka_run_group_tests_name("tcp timestamps", tests, NULL, NULL);
}
