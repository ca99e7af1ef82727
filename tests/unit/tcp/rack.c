/* SPDX-License-Identifier: ISC */
/* Which segments are lost by the time that has passed, and the probe at the end: RFC 8985. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/sack_peer.h"

enum { RTT_US = 40000 };

/* The peer has answered something after RTT_US: that is the round trip. */
static void measure_rtt(struct peer *p, struct app *a, uint32_t *base)
{
	app_write(a, sack_data, 1000);
	assert_int_equal(peer_drain(p), 1000);
	p->world->pipe.now_us += RTT_US;
	peer_ack(p, *base + 1000);
	*base += 1000;
	peer_expect_silence(p);
	struct tcp_rto *r = &peer_conn(p)->rto;
	r->srtt_us = r->least_us = RTT_US; /* else there is the handshake's, which took no time */
	r->rttvar_us = RTT_US / 4;
	r->rto_us = RTT_US + RTO_MIN_US;
}

/* Section 6.2: with less than three duplicates it may be on its way for a quarter of a round trip
 */
static void overtaken_segment_has_time(void **state)
{
	(void)state;
	for (int comes = 0; comes < 2; comes++) {
		struct peer p;
		struct app *a;
		uint32_t base;
		struct world *w = sack_open(&p, &a, &base);
		measure_rtt(&p, a, &base);
		app_write(a, sack_data, 3 * MSS);
		assert_int_equal(peer_drain(&p), 3 * MSS);
		w->pipe.now_us += RTT_US;
		sack_one(&p, base, 0, 1, 3);
		world_poll(w, 0);
		sack_expect_nothing(&p);
		w->pipe.now_us += RTT_US / 4 - 1;
		peer_expect_silence(&p);
		if (comes)
			peer_ack(&p, base + 3 * MSS);
		w->pipe.now_us += 1;
		world_poll(w, 0);
		if (comes) {
			assert_null(peer_conn(&p)->board);
			assert_true(peer_conn(&p)->rack.reordered);
		} else {
			sack_expect(&p, base, 0);
			assert_true(peer_conn(&p)->cc.recovery);
			peer_ack(&p, base + 3 * MSS);
		}
		peer_expect_silence(&p);
		assert_int_equal(sack_stats(&p)->timeouts, 0);
		assert_int_equal(sack_stats(&p)->retransmits, !comes);
		world_free(w);
	}
}

/* Section 6.2, step 4: each round trip in which something came twice widens the window. */
static void duplicates_widen_the_window(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	measure_rtt(&p, a, &base);
	const struct tcp_range twice = {base - 500, base};
	app_write(a, sack_data, 3 * MSS);
	assert_int_equal(peer_drain(&p), 3 * MSS);
	peer_sack(&p, base, &twice, 1);
	peer_sack(&p, base, &twice, 1); /* once a round trip */
	assert_int_equal(peer_conn(&p)->rack.windows, 1);
	assert_int_equal(sack_stats(&p)->sent_twice, 2);
	sack_one(&p, base, 0, 1, 3);
	world_poll(w, 0);
	w->pipe.now_us += RTT_US / 2 - 1;
	peer_expect_silence(&p);
	w->pipe.now_us += 1;
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	for (int i = 0; i < 20; i++) { /* and after sixteen recoveries it is as at first */
		peer_ack(&p, base + 3 * MSS);
		world_poll(w, 0);
		base += 3 * MSS;
		peer_conn(&p)->cc.cwnd = WINDOW;
		app_write(a, sack_data, 3 * MSS);
		(void)peer_drain(&p);
		sack_one(&p, base, 0, 1, 3);
		w->pipe.now_us += RTT_US;
		(void)peer_drain(&p);
	}
	assert_int_equal(peer_conn(&p)->rack.windows, 0);
	world_abandon(w);
}

/* Section 7: the last segment goes again after two round trips, before any timeout. */
static void tail_loss_is_probed(void **state)
{
	(void)state;
	for (int lost = 0; lost < 2; lost++) {
		struct peer p;
		struct app *a;
		uint32_t base;
		struct world *w = sack_open(&p, &a, &base);
		measure_rtt(&p, a, &base);
		app_write(a, sack_data, 4 * MSS);
		assert_int_equal(peer_drain(&p), 4 * MSS);
		w->pipe.now_us += 2 * RTT_US - 1;
		peer_expect_silence(&p);
		w->pipe.now_us += 1;
		world_poll(w, 0);
		sack_expect(&p, base, 3);
		sack_expect_nothing(&p);
		w->pipe.now_us += RTT_US;
		uint32_t cwnd = peer_conn(&p)->cc.cwnd;
		if (lost) { /* 2 and 3; the probe shows it */
			sack_one(&p, base, 2, 3, 4);
			world_poll(w, 0);
			w->pipe.now_us += RTT_US / 4;
			world_poll(w, 0);
			sack_expect(&p, base, 2);
			assert_true(peer_conn(&p)->cc.recovery);
			peer_ack(&p, base + 4 * MSS);
		} else { /* its acknowledgements were lost: it came twice */
			const struct tcp_range twice = {base + 3 * MSS, base + 4 * MSS};
			peer_sack(&p, base + 4 * MSS, &twice, 1);
			assert_true(peer_conn(&p)->cc.cwnd >= cwnd);
		}
		peer_expect_silence(&p);
		assert_false(peer_conn(&p)->rack.probed);
		assert_int_equal(sack_stats(&p)->timeouts, 0);
		assert_int_equal(sack_stats(&p)->tail_probes, 1);
		world_free(w);
	}
}

/* Section 7.3: new sack_data if there is some; and what the probe repairs is a loss (section 7.4).
 */
static void probe_is_new_data_or_a_loss(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	measure_rtt(&p, a, &base);
	app_write(a, sack_data, 14 * MSS);
	size_t sent = peer_drain(&p);
	assert_true(sent < 14 * MSS);
	w->pipe.now_us += 2 * RTT_US;
	world_poll(w, 0);
	sack_expect(&p, base, (uint32_t)sent / MSS);
	sack_expect_nothing(&p);
	peer_ack(&p, base + (uint32_t)sent + MSS);
	(void)peer_drain(&p);
	peer_ack(&p, base + 14 * MSS);
	world_poll(w, 0);
	base += 14 * MSS;
	app_write(a, sack_data, 4 * MSS); /* the last is lost, and repaired by the probe */
	assert_int_equal(peer_drain(&p), 4 * MSS);
	w->pipe.now_us += 2 * RTT_US;
	world_poll(w, 0);
	sack_expect(&p, base, 3);
	app_write(a, sack_data, MSS);
	assert_int_equal(peer_drain(&p), MSS);
	uint32_t cwnd = peer_conn(&p)->cc.cwnd;
	peer_ack(&p, base + 5 * MSS);
	world_poll(w, 0);
	assert_true(peer_conn(&p)->cc.cwnd < cwnd);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_free(w);
}

/* With a single segment in flight the answer may be delayed. */
static void single_segment_is_not_probed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	measure_rtt(&p, a, &base);
	app_write(a, sack_data, MSS);
	assert_int_equal(peer_drain(&p), MSS);
	w->pipe.now_us += RTT_US + RTO_MIN_US - 1;
	peer_expect_silence(&p);
	w->pipe.now_us += 1;
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	assert_int_equal(sack_stats(&p)->timeouts, 1);
	world_abandon(w);
}

/* Who finds no board recovers by counting duplicates. */
static void without_a_board_newreno(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	struct pool *boards = &w->side[0].tcp->boards;
	while (pool_get(boards) != NULL)
		;
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	for (uint32_t i = 2; i <= 4; i++)
		sack_one(&p, base, 0, 1, i);
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	sack_expect_nothing(&p);
	sack_one(&p, base, 2, 3, 5);
	world_poll(w, 0);
	sack_expect(&p, base, 2); /* partial */
	peer_ack(&p, base + WINDOW);
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_abandon(w);
}

/*
 * Times are 32 bits: what arrived half a turn ago looks as if it would arrive in half a turn, and
 * would overtake all that is sent again, for ever and without a timeout.
 */
static void old_times_are_forgotten(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	measure_rtt(&p, a, &base);
	app_write(a, sack_data, 4 * MSS);
	assert_int_equal(peer_drain(&p), 4 * MSS);
	w->pipe.now_us += RTT_US;
	sack_one(&p, base, 0, 1, 2);
	world_poll(w, 0);
	struct tcp_board *b = peer_conn(&p)->board;
	assert_true(b->rack);
	/* Acknowledgements have come since then, and have told nothing of this. */
	b->rack_at_us = (uint32_t)w->pipe.now_us - 0x90000000u;
	w->pipe.now_us += RTT_US / 2;
	app_write(a, sack_data, MSS); /* two runs, which would be overtaken in turns */
	peer_drain(&p);
	sack_one(&p, base, 0, 1, 2);
	for (unsigned i = 0; i < 24000 && flow_error(a->flow) == OK; i++) {
		w->pipe.now_us += RTT_US / 4;
		peer_drain(&p);
		world_poll(w, 0);
	}
	assert_int_equal(flow_error(a->flow), ERR_TIMEOUT);
	assert_true(sack_stats(&p)->retransmits < 15);
	world_free(w);
}

int rack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overtaken_segment_has_time),
		cmocka_unit_test(duplicates_widen_the_window),
		cmocka_unit_test(tail_loss_is_probed),
		cmocka_unit_test(probe_is_new_data_or_a_loss),
		cmocka_unit_test(single_segment_is_not_probed),
		cmocka_unit_test(without_a_board_newreno),
		cmocka_unit_test(old_times_are_forgotten),
	};
	return cmocka_run_group_tests_name("tcp rack", tests, NULL, NULL);
}
